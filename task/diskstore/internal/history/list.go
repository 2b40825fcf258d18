package history

import (
	"bytes"
	"context"
	"errors"
	"iter"

	"github.com/dgraph-io/badger/v4"

	"github.com/heirloom-backup/heirloom/task"
)

// List yields the records that q selects, the newest first, from behind q.After; q.Limit plays no part. All are of one
// moment: what is added or removed meanwhile does not show. Breaking out of the loop frees everything.
//
// A *DamageError stands for one record that cannot be read and may or may not belong here; more follow. Any other
// error, the context's among them, is the last thing yielded.
func (db *DB) List(ctx context.Context, q task.Query) iter.Seq2[task.Record, error] {
	return func(yield func(task.Record, error) bool) {
		stopped := false
		err := db.view(func(txn *badger.Txn) error {
			p, err := newPlan(&q)
			if err != nil {
				return err
			}
			l := &listing{ctx: ctx, query: &q, text: plainText(q.Text)}
			l.yield = func(r task.Record, err error) bool {
				stopped = !yield(r, err)
				return !stopped
			}
			if p.scan {
				return l.scan(txn, p.span)
			}
			return l.lookUp(txn, p)
		})
		if err != nil && !stopped {
			yield(task.Record{}, err)
		}
	}
}

// listing is one run of List.
type listing struct {
	ctx   context.Context
	query *task.Query
	text  []byte // see plainText
	yield func(task.Record, error) bool
}

// scan goes through all records of the span.
func (l *listing) scan(txn *badger.Txn, s span) error {
	c := newCursor(txn, []byte{recordKind})
	defer c.close()
	for key, err := range c.keys(l.ctx, s.first[:]) {
		if err != nil {
			return err
		}
		if bytes.Compare(c.rest(), s.last[:]) > 0 {
			return nil
		}
		if len(key) != recordKeySize {
			continue // damage, which made another key of it
		}
		at := lastPosition(key)
		raw, err := c.value()
		if !l.consider(at, raw, err) {
			return nil
		}
	}
	return nil
}

// lookUp goes through the records that the index has.
func (l *listing) lookUp(txn *badger.Txn, p plan) error {
	m, err := newMerge(txn, p.prefixes, p.span)
	if err != nil {
		return err
	}
	defer m.close()
	for {
		if err := l.ctx.Err(); err != nil {
			return err
		}
		at, ok, err := m.next()
		if !ok {
			return err
		}
		raw, err := read(txn, at)
		if errors.Is(err, badger.ErrDBClosed) {
			return err
		}
		if !l.consider(at, raw, err) {
			return nil
		}
	}
}

// consider yields a record that matches, and the error of one that cannot be read. It tells whether to go on.
func (l *listing) consider(at inverted, raw []byte, err error) bool {
	var content []byte
	if err == nil {
		content, err = unseal(raw)
	}
	if err != nil {
		return l.yield(task.Record{}, damaged(at, err))
	}
	if len(l.text) > 0 && !bytes.Contains(bytes.ToLower(content), l.text) {
		return true
	}
	r, err := parseRecord(content, at.position())
	if err != nil {
		return l.yield(task.Record{}, damaged(at, err))
	}
	return !l.query.Match(&r) || l.yield(r, nil)
}

// plainText returns the text of a query in lower case if JSON writes it as it is: then a record that does not contain it
// need not be decoded. Otherwise it returns nothing.
func plainText(text string) []byte {
	for i := range len(text) {
		switch c := text[i]; {
		case c < ' ', c >= 0x7f, c == '"', c == '\\', c == '<', c == '>', c == '&':
			return nil
		}
	}
	return bytes.ToLower([]byte(text))
}
