package history

import (
	"context"
	"errors"

	"github.com/dgraph-io/badger/v4"

	"github.com/heirloom-backup/heirloom/task"
)

// Get returns the record of a task, or task.ErrNotFound, or a *DamageError.
func (db *DB) Get(ctx context.Context, id task.UPID) (r task.Record, err error) {
	if err := ctx.Err(); err != nil {
		return task.Record{}, err
	}
	err = errMissing // which it is, too, where there is no database
	at := invert(id.Position())
	failed := db.view(func(txn *badger.Txn) error {
		var raw []byte
		if raw, err = read(txn, at); err == nil {
			r, err = decodeRecord(raw, at.position())
		}
		return nil
	})
	switch {
	case failed != nil:
		return task.Record{}, wrap("get", id, failed)
	case errors.Is(err, errMissing):
		return task.Record{}, wrap("get", id, task.ErrNotFound)
	case err != nil:
		return task.Record{}, wrap("get", id, damaged(at, err))
	}
	return r, nil
}

// read returns the value of a record, or errMissing.
func read(txn *badger.Txn, at inverted) (raw []byte, err error) {
	key := recordKey(at)
	failure := guarded(func() {
		var item *badger.Item
		if item, err = txn.Get(key); err == nil {
			raw, err = item.ValueCopy(nil)
		}
	})
	if errors.Is(err, badger.ErrKeyNotFound) {
		return nil, errMissing
	}
	return raw, errors.Join(failure, err)
}

func damaged(at inverted, err error) error {
	return &DamageError{Position: at.position(), Key: recordKey(at), Err: err}
}
