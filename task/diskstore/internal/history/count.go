package history

import (
	"context"

	"github.com/dgraph-io/badger/v4"
)

// Count returns how many records there are.
func (db *DB) Count(ctx context.Context) (n int, err error) {
	err = db.view(func(txn *badger.Txn) error {
		c := newCursor(txn, []byte{indexKind}) // the index by nothing: a small part of what the records take up
		defer c.close()
		for _, err := range c.keys(ctx, nil) {
			if err != nil {
				return err
			}
			n++
		}
		return nil
	})
	return n, err
}
