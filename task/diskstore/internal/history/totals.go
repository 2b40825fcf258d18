package history

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"math"
	"time"

	"github.com/dgraph-io/badger/v4"

	"github.com/heirloom-backup/heirloom/task"
)

// totals are sums by their keys.
type totals map[string]task.Total

// add counts one record.
func (t totals) add(r *task.Record) {
	key := string(totalKey(r.UPID.Start/secondsPerDay, r.UPID.Type, r.State))
	t[key] = task.TotalOf(r).Plus(t[key])
}

// store adds the sums to those in the database.
func (t totals) store(txn *badger.Txn) error {
	for key, sum := range t {
		before, err := readTotal(txn, []byte(key))
		if err != nil {
			return err
		}
		sum = sum.Plus(before)
		if err := txn.Set([]byte(key), encodeTotal(&sum)); err != nil {
			return err
		}
	}
	return nil
}

// readTotal returns the total under a key, the zero value if there is none. One that is damaged counts as none: it
// cannot be helped any more, and must not keep records from being filed.
func readTotal(txn *badger.Txn, key []byte) (sum task.Total, err error) {
	var raw []byte
	var found error
	err = guarded(func() {
		var item *badger.Item
		if item, found = txn.Get(key); found == nil {
			raw, found = item.ValueCopy(nil)
		}
	})
	if err != nil || found != nil && !errors.Is(found, badger.ErrKeyNotFound) {
		return task.Total{}, errors.Join(err, found)
	}
	if found != nil || decodeTotal(raw, &sum) != nil {
		return task.Total{}, nil
	}
	return sum, nil
}

// Totals sums up what was ever added, for each day from that of since up to that of until, in the order of
// task.CompareTotals; the zero value is without bound. A total that is damaged is left out and part of the error, a
// *DamageError; the others are returned all the same.
func (db *DB) Totals(ctx context.Context, since, until time.Time) (sums []task.Total, err error) {
	first, last := dayOf(since, 0), dayOf(until, math.MaxUint32)
	var damaged []error
	err = db.view(func(txn *badger.Txn) error {
		c := newCursor(txn, []byte{totalKind})
		defer c.close()
		for _, err := range c.keys(ctx, binary.BigEndian.AppendUint32(nil, first)) {
			if err != nil {
				return err
			}
			sum, day, err := c.total()
			if err != nil {
				damaged = append(damaged, err)
				continue
			}
			if day > last {
				break
			}
			sums = append(sums, sum)
		}
		return nil
	})
	return sums, errors.Join(append(damaged, err)...)
}

// dayOf returns the number of the day that t is in, and unbound for the zero time.
func dayOf(t time.Time, unbound uint32) uint32 {
	if t.IsZero() {
		return unbound
	}
	day := t.Unix() / secondsPerDay
	return uint32(min(max(day, 0), math.MaxUint32))
}

// total reads the total at which the cursor stands.
func (c *cursor) total() (sum task.Total, day uint32, err error) {
	key := c.key()
	refuse := func(err error) (task.Total, uint32, error) {
		return task.Total{}, 0, &DamageError{Key: bytes.Clone(key), Err: err}
	}
	if sum, err = parseTotalKey(key); err != nil {
		return refuse(err)
	}
	raw, err := c.value()
	if err != nil {
		return refuse(err)
	}
	if err := decodeTotal(raw, &sum); err != nil {
		return refuse(err)
	}
	return sum, binary.BigEndian.Uint32(key[1:]), nil
}
