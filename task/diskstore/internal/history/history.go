package history

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/dgraph-io/badger/v4"

	"github.com/heirloom-backup/heirloom/task"
)

// DB is an open database. It is safe for concurrent use, but for Add and Prune, which one goroutine calls at a time.
type DB struct {
	dir      string
	readOnly bool
	badger   *badger.DB // nil while there is nothing to read
}

// Open opens the database in a folder. A folder that is not there is made; with ReadOnly, nothing is made or changed,
// and a folder without a database is one without records.
//
// Its errors are ErrNeedsRepair (with ReadOnly), a *FolderError for what lies there and is no sound database or is in
// use, and those of the file system; among them syscall.ENOSPC if there is less room than 64 MiB to write in.
func Open(dir string, o Options) (*DB, error) {
	found, err := survey(dir, o.ReadOnly)
	if err != nil {
		return nil, err
	}
	db := &DB{dir: dir, readOnly: o.ReadOnly}
	if o.ReadOnly && found.empty() {
		return db, nil
	}
	settings := badgerOptions(dir, o)
	if !o.ReadOnly {
		if err := prepare(dir, found); err != nil {
			return nil, err
		}
		settings.CompactL0OnClose = found.topTables >= tablesAtRest
	}
	failure := guarded(func() { db.badger, err = badger.Open(settings) })
	if err := errors.Join(failure, err); err != nil {
		return nil, &FolderError{dir, err, "if no other program has it open, " + remedyRestore}
	}
	return db, nil
}

// prepare makes the folder ready to be written in.
func prepare(dir string, found surveyed) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("open task history: %w", err)
	}
	if err := checkRoom(dir); err != nil {
		return fmt.Errorf("open task history in %s: %w", dir, err)
	}
	if err := probe(dir); err != nil {
		return fmt.Errorf("open task history for writing: %w", err)
	}
	for _, path := range found.unborn {
		if err := os.Remove(path); err != nil {
			return fmt.Errorf("open task history: remove a file that was never written to: %w", err)
		}
	}
	return nil
}

// probe makes a file and removes it. The errors of badger do not tell what the system said.
func probe(dir string) error {
	path := filepath.Join(dir, "PROBE")
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(path))
}

// Close ends all use of the database. After many openings for writing it takes longer, up to some seconds, to merge
// what they have left behind.
func (db *DB) Close() error {
	if db.badger == nil {
		return nil
	}
	if !db.readOnly {
		settle(db.badger)
	}
	if err := db.badger.Close(); err != nil {
		return fmt.Errorf("close task history in %s: %w", db.dir, err)
	}
	return nil
}

// view runs a function that reads, on one state of the database. Where there is none it does nothing.
func (db *DB) view(read func(*badger.Txn) error) error {
	if db.badger == nil {
		return nil
	}
	return db.badger.View(read)
}

// checkWritable is the first thing that a method which writes does.
func (db *DB) checkWritable() error {
	if db.readOnly {
		return fmt.Errorf("write to task history in %s: %w", db.dir, ErrReadOnly)
	}
	return nil
}

// wrap names what was done to which task.
func wrap(action string, id task.UPID, err error) error {
	return fmt.Errorf("%s task %s: %w", action, id, err)
}
