package history

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task"
)

// theTable returns the path of the only table of a folder.
func theTable(t *testing.T, dir string) string {
	tables, err := filepath.Glob(filepath.Join(dir, "*.sst"))
	require.NoError(t, err)
	require.Len(t, tables, 1)
	return tables[0]
}

func TestOpenRefusesWhatIsNoDatabase(t *testing.T) {
	cut := func(path string, by int64) {
		info, err := os.Stat(path)
		require.NoError(t, err)
		require.NoError(t, os.Truncate(path, info.Size()-by))
	}
	overwrite := func(path string, content []byte) { require.NoError(t, os.WriteFile(path, content, 0o600)) }
	for name, c := range map[string]struct {
		spoil func(dir, table, manifest string)
		file  string // that the error names; "" is the table
		says  string
	}{
		"manifest cut off":            {func(_, _, m string) { cut(m, 3) }, "MANIFEST", "cut off"},
		"manifest empty":              {func(_, _, m string) { overwrite(m, nil) }, "MANIFEST", "damaged"},
		"manifest of garbage":         {func(_, _, m string) { overwrite(m, []byte("not a manifest at all")) }, "MANIFEST", "damaged"},
		"manifest removed":            {func(_, _, m string) { os.Remove(m) }, "MANIFEST", "not there"},
		"table cut off":               {func(_, s, _ string) { cut(s, 1) }, "", "no sound end"},
		"table cut to a few bytes":    {func(_, s, _ string) { require.NoError(t, os.Truncate(s, 5)) }, "", "no sound end"},
		"table empty":                 {func(_, s, _ string) { overwrite(s, nil) }, "", "no sound end"},
		"table of zeros":              {func(_, s, _ string) { overwrite(s, make([]byte, 9000)) }, "", "no sound end"},
		"table removed":               {func(_, s, _ string) { os.Remove(s) }, "", "cannot be opened"},
		"a folder in a table's place": {func(_, s, _ string) { os.Remove(s); os.Mkdir(s, 0o700) }, "", "table"},
	} {
		for _, readOnly := range []bool{true, false} {
			t.Run(name, func(t *testing.T) {
				dir := t.TempDir()
				add(t, dir, samples(50)...)
				table := theTable(t, dir)
				file := table
				if c.file != "" {
					file = filepath.Join(dir, c.file)
				}
				c.spoil(dir, table, filepath.Join(dir, "MANIFEST"))
				before := names(t, dir)

				_, err := Open(dir, Options{ReadOnly: readOnly})
				if readOnly && errors.Is(err, ErrNeedsRepair) {
					return
				}
				var refused *FolderError
				require.ErrorAs(t, err, &refused)
				require.Equal(t, file, refused.Path)
				require.ErrorContains(t, err, c.says)
				require.ErrorContains(t, err, refused.Remedy)
				require.Equal(t, before, names(t, dir), "nothing is thrown away")
			})
		}
	}
}

func names(t *testing.T, dir string) (all []string) {
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

func TestADamagedIndexOfATableIsRefused(t *testing.T) {
	dir := t.TempDir()
	add(t, dir, samples(50)...)
	table := theTable(t, dir)
	content, err := os.ReadFile(table)
	require.NoError(t, err)
	content[len(content)-40] ^= 1
	require.NoError(t, os.WriteFile(table, content, 0o600))
	for _, readOnly := range []bool{true, false} {
		_, err := Open(dir, Options{ReadOnly: readOnly})
		var refused *FolderError
		require.ErrorAs(t, err, &refused)
		require.Equal(t, table, refused.Path)
		require.ErrorContains(t, err, "index")
	}
}

// A process that dies in the middle of making a file leaves an empty one.
func TestUnbornFilesAreRemoved(t *testing.T) {
	dir := t.TempDir()
	records := samples(50)
	add(t, dir, records...)
	for _, name := range []string{"00099.mem", "000099.vlog"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), nil, 0o600))
	}
	_, err := Open(dir, Options{ReadOnly: true})
	require.ErrorIs(t, err, ErrNeedsRepair)
	db := open(t, dir, Options{})
	require.Len(t, list(t, db, task.Query{}), len(records))
}

func TestOpenSaysWhatElseIsWrong(t *testing.T) {
	inUse := t.TempDir()
	open(t, inUse, Options{})
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	for name, dir := range map[string]string{"in use": inUse, "a file": file} {
		t.Run(name, func(t *testing.T) {
			_, err := Open(dir, Options{})
			require.ErrorContains(t, err, dir)
		})
	}
}

func TestATableThatIsNotListedNeedsRepair(t *testing.T) {
	dir := t.TempDir()
	records := samples(50)
	add(t, dir, records...)
	content, err := os.ReadFile(theTable(t, dir))
	require.NoError(t, err)
	stray := filepath.Join(dir, "000077.sst")
	require.NoError(t, os.WriteFile(stray, content, 0o600))
	_, err = Open(dir, Options{ReadOnly: true})
	require.ErrorIs(t, err, ErrNeedsRepair)
	require.FileExists(t, stray, "whoever reads removes nothing")
	require.Len(t, list(t, open(t, dir, Options{}), task.Query{}), len(records))
	require.NoFileExists(t, stray)
}

func FuzzFooter(f *testing.F) {
	f.Add([]byte{}, int64(0))
	f.Add(make([]byte, mostTail), int64(4096))
	f.Add([]byte("\x00\x00\x00\x10\x08\x01\x10\x05\x00\x00\x00\x04"), int64(4096))
	f.Fuzz(func(t *testing.T, tail []byte, size int64) {
		if size < 0 || int64(len(tail)) > size {
			return
		}
		if end, ok := parseFooter(tail, size); ok {
			require.Positive(t, end.indexAt)
			require.Equal(t, size, end.indexAt+end.indexSize+4+int64(len(end.checksum))+4)
		}
	})
}
