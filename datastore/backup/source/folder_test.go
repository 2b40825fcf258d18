package source_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backup/source"
	"github.com/heirloom-backup/heirloom/datastore/backup/source/sourcetest"
	"github.com/heirloom-backup/heirloom/datastore/tree"
)

func TestFolder(t *testing.T) {
	dir := t.TempDir()
	plant(t, dir, "b", "a/x", "a/y", "empty/", "B")
	when := time.Date(2001, 2, 3, 4, 5, 6, 700, time.UTC)
	require.NoError(t, os.Chtimes(filepath.Join(dir, "b"), when, when))
	src := source.Folder(dir, source.FolderOptions{})

	sourcetest.Run(t, src)
	got := save(t, src)
	require.Equal(t, []string{"B", "a", "a/x", "a/y", "b", "empty"}, got.paths())
	require.Equal(t, map[string]string{"B": "B", "a/x": "a/x", "a/y": "a/y", "b": "b"}, got.contents)
	require.Equal(t, when, got.entries["b"].ModTime.Time())
	require.Equal(t, tree.Dir, got.entries["empty"].Type)
	require.Equal(t, filepath.Base(dir), got.root.Name)
}

func TestFolderFollowsItsOwnPath(t *testing.T) {
	dir := t.TempDir()
	plant(t, dir, "real/x")
	link := filepath.Join(dir, "link")
	require.NoError(t, os.Symlink("real", link))

	root, err := source.Folder(link, source.FolderOptions{}).Open(t.Context())
	require.NoError(t, err)
	require.NoError(t, root.Dir.Close())
	require.Equal(t, "link", root.Entry.Name)
	require.Equal(t, tree.Dir, root.Entry.Type)
	require.Equal(t, []string{link}, root.Paths)
	require.Equal(t, datastore.Dataset, root.Kind)
}

func TestFolderCannotBeOpened(t *testing.T) {
	dir := t.TempDir()
	plant(t, dir, "file")
	loop := filepath.Join(dir, "loop")
	require.NoError(t, os.Symlink("loop", loop))
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()

	for name, c := range map[string]struct {
		path    string
		ctx     context.Context
		options source.FolderOptions
		says    string
	}{
		"it does not exist": {path: filepath.Join(dir, "none"), says: "/none: no such file or directory"},
		"it is a file":      {path: filepath.Join(dir, "file"), says: "/file: not a directory"},
		"a loop of links":   {path: loop, says: "/loop: too many levels of symbolic links"},
		"never saved":       {path: dir, options: source.FolderOptions{SkipDirs: []string{dir}}, says: "never saved"},
		"a broken pattern": {path: dir, options: source.FolderOptions{Exclude: []string{"ok", "[a"}},
			says: `exclude "[a": not an exclude pattern`},
		"no way to what to skip": {path: dir, options: source.FolderOptions{SkipDirs: []string{filepath.Join(dir, "file/x")}},
			says: "folder to skip: stat " + dir + "/file/x: not a directory"},
		"cancelled": {path: dir, ctx: cancelled, says: "context canceled"},
	} {
		t.Run(name, func(t *testing.T) {
			ctx := c.ctx
			if ctx == nil {
				ctx = t.Context()
			}
			_, err := source.Folder(c.path, c.options).Open(ctx)
			require.ErrorContains(t, err, "open source "+c.path+": ")
			require.ErrorContains(t, err, c.says)
		})
	}
}

func TestFileVanishesDuringTheWalk(t *testing.T) {
	dir := t.TempDir()
	plant(t, dir, "a", "b", "c")
	root := openRoot(t, dir, source.FolderOptions{})

	var names []string
	var problem *source.EntryError
	for e, err := range root.Entries(t.Context()) {
		if err != nil {
			require.ErrorAs(t, err, &problem)
			continue
		}
		names = append(names, e.Name)
		require.NoError(t, os.RemoveAll(filepath.Join(dir, "b")))
	}
	require.Equal(t, []string{"a", "c"}, names)
	require.Equal(t, "b", problem.Name)
	require.ErrorIs(t, problem, fs.ErrNotExist)
	require.EqualError(t, problem, "b: lstat: no such file or directory")

	_, err := root.OpenFile(t.Context(), "b")
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.ErrorContains(t, err, "open "+filepath.Join(dir, "b"))
}

func TestEntryIsReplacedDuringTheWalk(t *testing.T) {
	dir := t.TempDir()
	plant(t, dir, "folder/x", "file", "other/secret")
	root := openRoot(t, dir, source.FolderOptions{})

	require.NoError(t, os.Rename(filepath.Join(dir, "folder"), filepath.Join(dir, "gone")))
	require.NoError(t, os.Symlink("other", filepath.Join(dir, "folder")))
	_, err := root.OpenDir(t.Context(), "folder")
	require.ErrorIs(t, err, source.ErrReplaced)

	require.NoError(t, os.Remove(filepath.Join(dir, "file")))
	require.NoError(t, os.Symlink("other/secret", filepath.Join(dir, "file")))
	_, err = root.OpenFile(t.Context(), "file")
	require.ErrorIs(t, err, source.ErrReplaced)

	_, err = root.OpenFile(t.Context(), "other")
	require.ErrorIs(t, err, source.ErrReplaced)
	_, err = root.OpenDir(t.Context(), "..")
	require.ErrorIs(t, err, fs.ErrInvalid)
	_, err = root.OpenFile(t.Context(), "other/secret")
	require.ErrorIs(t, err, fs.ErrInvalid)
}

func TestMovedFolderIsStillTheOneBeingWalked(t *testing.T) {
	dir := t.TempDir()
	plant(t, dir, "a/x", "b/y")
	sub, err := openRoot(t, dir, source.FolderOptions{}).OpenDir(t.Context(), "a")
	require.NoError(t, err)
	require.NoError(t, os.Rename(filepath.Join(dir, "a"), filepath.Join(dir, "moved")))
	require.NoError(t, os.Symlink("b", filepath.Join(dir, "a")))

	for e, err := range sub.Entries(t.Context()) {
		require.NoError(t, err)
		require.Equal(t, "x", e.Name)
		require.NoError(t, sub.Detail(t.Context(), &e))
	}
	require.NoError(t, sub.Close())
	require.ErrorIs(t, sub.Close(), fs.ErrClosed)
}

func TestFolderIsSafeForConcurrentUse(t *testing.T) {
	dir := t.TempDir()
	var all []string
	for i := range 1000 {
		all = append(all, fmt.Sprintf("a name of some length %04d", i))
	}
	plant(t, dir, all...)
	root := openRoot(t, dir, source.FolderOptions{Exclude: []string{"none"}})

	var g errgroup.Group
	for range 4 {
		g.Go(func() error {
			var names []string
			for e, err := range root.Entries(t.Context()) {
				if err != nil {
					return err
				}
				names = append(names, e.Name)
			}
			if !slices.Equal(all, names) {
				return fmt.Errorf("listed %d names of %d", len(names), len(all))
			}
			return nil
		})
	}
	require.NoError(t, g.Wait())
}
