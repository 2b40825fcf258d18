package datastore

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/heirloom-backup/heirloom/datastore/internal/index"
)

// openTable is an index table and where it lies.
type openTable struct {
	*index.Table
	file  *os.File // nil: in memory
	path  string
	packs []uint32 // the catalog's number of each of the table's packs
}

// close is called when nobody looks anything up any more.
func (t *openTable) close() error {
	if t.file == nil {
		return nil
	}
	return t.file.Close()
}

// tableDir keeps tables as files that any number of processes share: a file appears under its name when it is whole,
// never changes, and stays readable to whoever has it open when another process has merged it into a larger one.
type tableDir struct {
	dir string // "": tables are kept in memory
	log *slog.Logger
}

const (
	tableSuffix = ".table"
	tempPattern = "new-*"
)

// newTableDir returns the folder for a store's tables. A folder that cannot be made or written to is no reason to
// fail: the tables there are read, and new ones are kept in memory.
func newTableDir(cacheDir, storeID string, log *slog.Logger) tableDir {
	if cacheDir == "" {
		return tableDir{log: log}
	}
	dir := filepath.Join(cacheDir, storeID, "index")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		log.Warn("cache cannot be made", "dir", dir, "error", err)
	}
	return tableDir{dir: dir, log: log}
}

// load opens every table in the folder, but those called in have. Those that do not open are removed.
func (d tableDir) load(have func(path string) bool) []*openTable {
	if d.dir == "" {
		return nil
	}
	entries, err := os.ReadDir(d.dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		d.log.Warn("cache cannot be read", "dir", d.dir, "error", err)
	}
	var tables []*openTable
	for _, e := range entries {
		path := filepath.Join(d.dir, e.Name())
		if !strings.HasSuffix(path, tableSuffix) || have(path) {
			continue
		}
		if t, err := openTableFile(path); err == nil {
			tables = append(tables, t)
		} else if errors.Is(err, index.ErrDamaged) {
			d.log.Warn("cached index table is damaged and is made anew", "path", path, "error", err)
			_ = os.Remove(path)
		} else if !errors.Is(err, fs.ErrNotExist) { // else another process has merged it away
			d.log.Warn("cached index table does not open", "path", path, "error", err)
		}
	}
	return tables
}

func openTableFile(path string) (*openTable, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	t, err := openFile(f)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &openTable{Table: t, file: f, path: path}, nil
}

func openFile(f *os.File) (*index.Table, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	return index.Open(f, info.Size())
}

// create makes a table from what write writes: as a file, or in memory where there can be none.
func (d tableDir) create(write func(io.Writer) error) (*openTable, error) {
	if d.dir != "" {
		t, err := d.createFile(write)
		if err == nil {
			return t, nil
		}
		d.log.Warn("cache cannot be written, the index is kept in memory", "dir", d.dir, "error", err)
	}
	var buf bytes.Buffer
	if err := write(&buf); err != nil {
		return nil, fmt.Errorf("make index table: %w", err)
	}
	t, err := index.Open(bytes.NewReader(buf.Bytes()), int64(buf.Len()))
	if err != nil {
		return nil, err
	}
	return &openTable{Table: t}, nil
}

// createFile writes a table, closes it, and opens it again under its name: not every system renames an open file.
func (d tableDir) createFile(write func(io.Writer) error) (*openTable, error) {
	f, err := os.CreateTemp(d.dir, tempPattern)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(d.dir, newID()+tableSuffix)
	if err = errors.Join(write(f), f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return nil, errors.Join(err, os.Remove(f.Name()))
	}
	return openTableFile(path)
}

// remove takes a table's file away. Whoever has it open can go on reading.
func (d tableDir) remove(t *openTable) {
	if t.path != "" {
		if err := os.Remove(t.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			d.log.Warn("cached index table cannot be removed", "path", t.path, "error", err)
		}
	}
}
