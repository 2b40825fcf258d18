package source_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore/backup/source"
	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// saved is what a walk found, by path below the root.
type saved struct {
	root     tree.Entry
	entries  map[string]tree.Entry
	contents map[string]string
	problems map[string]error // of single entries
}

func (s *saved) paths() []string {
	var all []string
	for p := range s.entries {
		all = append(all, p)
	}
	slices.Sort(all)
	return all
}

// save walks a source as a backup does.
func save(t *testing.T, src source.Source) *saved {
	t.Helper()
	root, err := src.Open(t.Context())
	require.NoError(t, err)
	s := &saved{root.Entry, map[string]tree.Entry{}, map[string]string{}, map[string]error{}}
	if root.File != nil {
		s.read(t, "", root.File)
		return s
	}
	s.folder(t, "", root.Dir)
	return s
}

func (s *saved) folder(t *testing.T, prefix string, d source.Dir) {
	for e, err := range d.Entries(t.Context()) {
		if problem, ok := errors.AsType[*source.EntryError](err); ok {
			s.problems[prefix+problem.Name] = problem.Err
			continue
		}
		require.NoError(t, err)
		s.entry(t, prefix+e.Name, d, e)
	}
	require.NoError(t, d.Close())
}

func (s *saved) entry(t *testing.T, path string, d source.Dir, e tree.Entry) {
	if err := d.Detail(t.Context(), &e); err != nil {
		s.problems[path] = err
	}
	s.entries[path] = e
	switch e.Type {
	case tree.Dir:
		sub, err := d.OpenDir(t.Context(), e.Name)
		if err != nil {
			s.problems[path] = err
			return
		}
		s.folder(t, path+"/", sub)
	case tree.File:
		f, err := d.OpenFile(t.Context(), e.Name)
		if err != nil {
			s.problems[path] = err
			return
		}
		s.read(t, path, f)
	}
}

func (s *saved) read(t *testing.T, path string, f source.File) {
	data, err := io.ReadAll(f)
	require.NoError(t, err)
	require.NoError(t, f.Close())
	s.contents[path] = string(data)
}

// plant makes files, each holding its own path; a path that ends in "/" is an empty folder.
func plant(t *testing.T, root string, paths ...string) {
	t.Helper()
	for _, p := range paths {
		full := filepath.Join(root, p)
		if strings.HasSuffix(p, "/") {
			require.NoError(t, os.MkdirAll(full, 0o755))
			continue
		}
		require.NoError(t, os.MkdirAll(filepath.Dir(full), 0o755))
		require.NoError(t, os.WriteFile(full, []byte(p), 0o644))
	}
}

// openRoot opens a folder source.
func openRoot(t *testing.T, path string, o source.FolderOptions) source.Dir {
	t.Helper()
	root, err := source.Folder(path, o).Open(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, root.Dir.Close()) })
	return root.Dir
}
