package history

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/dgraph-io/badger/v4"
)

// cursor goes through the keys that begin with a prefix. It must be closed.
type cursor struct {
	prefix []byte
	it     *badger.Iterator
}

// newCursor makes a cursor that does not stand anywhere yet.
func newCursor(txn *badger.Txn, prefix []byte) *cursor {
	return &cursor{prefix: prefix, it: txn.NewIterator(badger.IteratorOptions{Prefix: prefix})}
}

// newReverseCursor makes a cursor that goes from the greatest key to the least.
func newReverseCursor(txn *badger.Txn, prefix []byte) *cursor {
	return &cursor{prefix: prefix, it: txn.NewIterator(badger.IteratorOptions{Prefix: prefix, Reverse: true})}
}

func (c *cursor) close() { c.it.Close() }

// keys yields the keys from that on which is the prefix with the given bytes after it. A key is good until the next. An
// error, which may be that of the context, is the last thing yielded.
func (c *cursor) keys(ctx context.Context, from []byte) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for err := c.seek(from); ; err = c.next() {
			if err := errors.Join(err, ctx.Err()); err != nil {
				yield(nil, err)
				return
			}
			if !c.valid() || !yield(c.key(), nil) {
				return
			}
		}
	}
}

// seek goes to the first key that does not come before the prefix with these bytes after it.
func (c *cursor) seek(from []byte) error {
	key := append(c.prefix[:len(c.prefix):len(c.prefix)], from...)
	return guarded(func() { c.it.Seek(key) })
}

func (c *cursor) next() error { return guarded(c.it.Next) }

// valid tells whether the cursor stands at a key.
func (c *cursor) valid() bool { return c.it.ValidForPrefix(c.prefix) }

// key returns the key at which the cursor stands, good until it moves.
func (c *cursor) key() []byte { return c.it.Item().Key() }

// rest returns what follows the prefix in the key.
func (c *cursor) rest() []byte { return c.key()[len(c.prefix):] }

// value returns the value at which the cursor stands, good until it moves.
func (c *cursor) value() (value []byte, err error) {
	failure := guarded(func() {
		err = c.it.Item().Value(func(v []byte) error {
			value = v // the item's own, and the item stays until the cursor moves
			return nil
		})
	})
	return value, errors.Join(failure, err)
}

// guarded runs a call into badger and turns its panic, which is how it meets a block that is damaged, into an error.
func guarded(call func()) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("a block of a table is damaged: %.200v", p)
		}
	}()
	call()
	return nil
}
