package history

import (
	"bytes"
	"context"

	"github.com/dgraph-io/badger/v4"
)

// sweep removes the index of records that could not be read. It goes through all of it: this is rare.
func (db *DB) sweep(ctx context.Context, gone []inverted) error {
	if len(gone) == 0 {
		return nil
	}
	sought := make(map[inverted]bool, len(gone))
	for _, at := range gone {
		sought[at] = true
	}
	var keys [][]byte
	for a := attributes(0); a <= allAttributes; a++ {
		err := db.view(func(txn *badger.Txn) error {
			c := newCursor(txn, []byte{indexKind | byte(a)})
			defer c.close()
			for key, err := range c.keys(ctx, nil) {
				if err != nil {
					return err
				}
				if len(key) == indexKeySize && sought[lastPosition(key)] {
					keys = append(keys, bytes.Clone(key))
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return db.remove(keys)
}

// remove removes keys, in as many transactions as it takes.
func (db *DB) remove(keys [][]byte) error {
	const most = 1000
	for len(keys) > 0 {
		n := min(len(keys), most)
		err := db.badger.Update(func(txn *badger.Txn) error {
			for _, key := range keys[:n] {
				if err := txn.Delete(key); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		keys = keys[n:]
	}
	return nil
}
