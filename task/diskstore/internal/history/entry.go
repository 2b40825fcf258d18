package history

import (
	"errors"
	"unicode/utf8"

	"github.com/dgraph-io/badger/v4"

	"github.com/heirloom-backup/heirloom/task"
)

// entry is a record as it is about to be stored.
type entry struct {
	record *task.Record
	at     inverted
	value  []byte
}

func newEntry(r *task.Record) (e entry, err error) {
	at := r.UPID.Position()
	e = entry{record: r, at: invert(at)}
	if e.value, err = encodeRecord(r); err != nil || utf8.ValidString(r.Source+r.Target) {
		return e, err
	}
	// JSON writes what is not UTF-8 in another way. The index has to name what will be read.
	stored, err := decodeRecord(e.value, at)
	e.record = &stored
	return e, err
}

// size is what storing the entry takes up in a transaction, at most: with its index, and a total of its own.
func (e *entry) size() int {
	const overhead = 12 // of badger, for each key
	index := 12 * (indexKeySize + overhead)
	return len(e.value) + recordKeySize + index + len(e.record.UPID.Type) + 128
}

// batch returns how many of the entries, at least one, go into one transaction.
func batch(entries []entry) (n int) {
	size := 0
	for n < min(len(entries), batchRecords) {
		size += entries[n].size()
		if n > 0 && size > batchBytes {
			break
		}
		n++
	}
	return n
}

// store adds the record and its index, and tells whether it was not there before.
func (e *entry) store(txn *badger.Txn) (added bool, err error) {
	key := recordKey(e.at)
	var found error
	if err := guarded(func() { _, found = txn.Get(key) }); err != nil {
		return false, err
	}
	if !errors.Is(found, badger.ErrKeyNotFound) {
		return false, found
	}
	if err := txn.Set(key, e.value); err != nil {
		return false, err
	}
	for _, key := range indexKeys(e.record, e.at) {
		if err := txn.Set(key, nil); err != nil {
			return false, err
		}
	}
	return true, nil
}
