package history

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/dgraph-io/badger/v4"

	"github.com/heirloom-backup/heirloom/task"
)

// Prune removes the records beyond what keep says by Age and Count, the oldest first, and returns their positions; on
// an error those that are removed for certain. Totals stay as they are. Records that cannot be read go like others.
//
// A record that is added again after it was pruned is a new one to the database, and is counted again: whoever is not
// sure that an Add went well repeats it before pruning.
func (db *DB) Prune(ctx context.Context, keep task.Retention, now time.Time) (removed []task.Position, err error) {
	if err := db.checkWritable(); err != nil {
		return nil, err
	}
	limit, err := db.limit(ctx, keep, now)
	if err != nil || limit == nil {
		return nil, err
	}
	var unread []inverted
	p := pruning{limit: *limit, from: lastOfAll}
	for more := true; more; {
		err := db.badger.Update(func(txn *badger.Txn) error { return p.run(ctx, txn) })
		if err != nil {
			return removed, fmt.Errorf("prune task history in %s: %w", db.dir, err)
		}
		removed, unread = append(removed, p.removed...), append(unread, p.unread...)
		more = len(p.removed) > 0
	}
	if err := db.sweep(ctx, unread); err != nil {
		return removed, fmt.Errorf("prune index of task history in %s: %w", db.dir, err)
	}
	return removed, db.sync()
}

// limit returns the newest of the records that are to go, or a position near it; nil if none is.
func (db *DB) limit(ctx context.Context, keep task.Retention, now time.Time) (limit *inverted, err error) {
	if keep.Age > 0 {
		s, err := newSpan(&task.Query{Until: now.Add(-keep.Age)})
		if err != nil {
			return nil, err
		}
		if !s.empty() {
			limit = &s.first
		}
	}
	if keep.Count <= 0 {
		return limit, nil
	}
	err = db.view(func(txn *badger.Txn) error {
		at, err := after(ctx, txn, keep.Count)
		if at != nil && (limit == nil || bytes.Compare(at[:], limit[:]) < 0) {
			limit = at
		}
		return err
	})
	return limit, err
}

// after returns the position of the newest record that has n newer ones, or nil.
func after(ctx context.Context, txn *badger.Txn, n int) (*inverted, error) {
	all := &task.Query{}
	s, err := newSpan(all)
	if err != nil {
		return nil, err
	}
	m, err := newMerge(txn, prefixes(0, all, task.FinalStates()), s)
	if err != nil {
		return nil, err
	}
	defer m.close()
	for ; ; n-- {
		at, ok, err := m.next()
		switch {
		case !ok || ctx.Err() != nil:
			return nil, errors.Join(err, ctx.Err())
		case n == 0:
			return &at, nil
		}
	}
}

// pruning removes the oldest records, one transaction after another.
type pruning struct {
	limit inverted // the newest that goes
	from  inverted // the last one removed: what is behind it is gone, and need not be gone through again

	removed []task.Position // by one transaction
	unread  []inverted      // those of the removed whose index is not known
}

// run removes as many records as go into one transaction.
func (p *pruning) run(ctx context.Context, txn *badger.Txn) error {
	p.removed, p.unread = nil, nil
	c := newReverseCursor(txn, []byte{recordKind})
	defer c.close()
	for _, err := range c.keys(ctx, p.from[:]) {
		if err != nil {
			return err
		}
		if len(p.removed) == batchRecords || bytes.Compare(c.rest(), p.limit[:]) < 0 {
			return nil
		}
		if len(c.key()) != recordKeySize {
			continue // damage, which made another key of it
		}
		if err := p.remove(txn, c); err != nil {
			return err
		}
	}
	return nil
}

// remove removes the record at which the cursor stands, and its index.
func (p *pruning) remove(txn *badger.Txn, c *cursor) error {
	at := lastPosition(c.key())
	var keys [][]byte
	raw, err := c.value()
	var r task.Record
	if err == nil {
		r, err = decodeRecord(raw, at.position())
	}
	if err == nil {
		keys = indexKeys(&r, at)
	} else {
		p.unread = append(p.unread, at)
	}
	for _, key := range append(keys, c.it.Item().KeyCopy(nil)) {
		if err := txn.Delete(key); err != nil {
			return err
		}
	}
	p.removed, p.from = append(p.removed, at.position()), at
	return nil
}
