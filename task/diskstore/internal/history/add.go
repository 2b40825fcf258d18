package history

import (
	"context"
	"fmt"
	"os"
	"runtime"

	"github.com/dgraph-io/badger/v4"

	"github.com/heirloom-backup/heirloom/task"
)

// Bounds of one transaction: badger refuses more than 15 % of a memtable (1.2 MB, 12,000 entries).
const (
	batchRecords = 256
	batchBytes   = 1100 << 10
)

// Add files records of tasks that have ended, and counts them in the totals. When it returns nil they are durable. One
// that is there already is left as it is and not counted again, so that a caller who does not know whether an Add went
// well repeats it. On an error some may have been added, each of them counted.
//
// A record whose state is not final is refused, and one of more than MaxRecord bytes with ErrTooLarge; then nothing is
// added at all.
func (db *DB) Add(ctx context.Context, records []task.Record) error {
	if err := db.checkWritable(); err != nil {
		return err
	}
	entries := make([]entry, len(records))
	for i := range records {
		var err error
		if entries[i], err = newEntry(&records[i]); err != nil {
			return wrap("add record of", records[i].UPID, err)
		}
	}
	for len(entries) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		n := batch(entries)
		if err := db.addBatch(entries[:n]); err != nil {
			return fmt.Errorf("add %d records to task history in %s: %w", n, db.dir, err)
		}
		entries = entries[n:]
	}
	return db.sync()
}

// addBatch stores records, their index and what they add to the totals: all or nothing.
func (db *DB) addBatch(entries []entry) error {
	return db.badger.Update(func(txn *badger.Txn) error {
		sums := totals{}
		for i := range entries {
			e := &entries[i]
			added, err := e.store(txn)
			if err != nil {
				return err
			}
			if added {
				sums.add(e.record)
			}
		}
		return sums.store(txn)
	})
}

// sync makes durable what was committed. The journal is, by then; that it lies in the folder is left to us.
func (db *DB) sync() error {
	if err := db.badger.Sync(); err != nil {
		return fmt.Errorf("sync task history in %s: %w", db.dir, err)
	}
	if runtime.GOOS == "windows" {
		return nil // folders cannot be synced there, and need not be
	}
	folder, err := os.Open(db.dir)
	if err != nil {
		return fmt.Errorf("sync task history: %w", err)
	}
	defer folder.Close()
	if err := folder.Sync(); err != nil {
		return fmt.Errorf("sync task history: %w", err)
	}
	return nil
}
