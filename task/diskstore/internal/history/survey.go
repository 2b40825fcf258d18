package history

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/table"
)

// surveyed is what lies in a folder before badger sees it.
type surveyed struct {
	manifest  bool
	topTables int             // tables of level 0
	journals  []string        // of memtables: whoever wrote last did not close
	unborn    []string        // empty files, left by a process that died while it made them; badger fails over them
	tables    map[uint64]bool // files of tables; true if the manifest has them
}

// empty tells whether there is no database at all.
func (s *surveyed) empty() bool { return !s.manifest && len(s.tables) == 0 && len(s.journals) == 0 }

// survey looks for what badger would end the process over, or throw away.
func survey(dir string, readOnly bool) (surveyed, error) {
	found, err := listFiles(dir)
	if err != nil {
		return surveyed{}, err
	}
	if err := found.readManifest(dir); err != nil {
		return surveyed{}, err
	}
	strays := found.strays()
	switch {
	case !found.manifest && strays > 0:
		return surveyed{}, &FolderError{filepath.Join(dir, badger.ManifestFilename),
			fmt.Errorf("it is not there, but %d tables are", strays), remedyRestore}
	case readOnly && (len(found.journals)+len(found.unborn)+strays > 0):
		return surveyed{}, fmt.Errorf("open task history in %s: %w", dir, ErrNeedsRepair)
	}
	return found, nil
}

func listFiles(dir string) (surveyed, error) {
	found := surveyed{tables: map[uint64]bool{}}
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return surveyed{}, fmt.Errorf("open task history: %w", err)
	}
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		extension := filepath.Ext(e.Name())
		if extension == ".mem" {
			found.journals = append(found.journals, path)
		}
		if extension == ".mem" || extension == ".vlog" {
			if info, err := e.Info(); err == nil && info.Size() == 0 {
				found.unborn = append(found.unborn, path)
			}
		}
		if id, ok := table.ParseFileID(e.Name()); ok && strings.HasSuffix(e.Name(), ".sst") {
			found.tables[id] = false
		}
	}
	return found, nil
}

// readManifest reads the list of tables, and checks that they are there and whole.
func (s *surveyed) readManifest(dir string) error {
	path := filepath.Join(dir, badger.ManifestFilename)
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("open task history: %w", err)
	}
	defer f.Close()
	manifest, end, err := badger.ReplayManifestFile(f, 0, badger.DefaultOptions(dir).WithLogger(nil))
	if err != nil {
		return &FolderError{path, fmt.Errorf("the list of tables is damaged: %w", err), remedyRestore}
	}
	s.manifest = true
	var check tableCheck
	for id, t := range manifest.Tables {
		path := table.NewFilename(id, dir)
		if err := check.file(path); err != nil {
			return &FolderError{path, err, remedyRestore}
		}
		s.tables[id] = true
		if t.Level == 0 {
			s.topTables++
		}
	}
	return s.checkEnd(f, end)
}

// checkEnd refuses a manifest that stops in the middle of an entry, unless a process died over it: badger would remove
// the tables that are not listed any more.
func (s *surveyed) checkEnd(f *os.File, end int64) error {
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("open task history: %w", err)
	}
	if end < info.Size() && s.strays() > 0 && len(s.journals) == 0 {
		return &FolderError{f.Name(), fmt.Errorf("the list of tables was cut off at byte %d", end), remedyRestore}
	}
	return nil
}

// strays returns how many tables the manifest does not have.
func (s *surveyed) strays() (n int) {
	for _, listed := range s.tables {
		if !listed {
			n++
		}
	}
	return n
}
