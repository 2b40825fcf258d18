package restore_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/tree"
	"github.com/heirloom-backup/heirloom/restore"
)

func TestDestination(t *testing.T) {
	f, root := prepare(t, dir("top", symlink("link", "sub"), dir("sub", file("f", "new"))))
	at := func(name string) func(t *testing.T, dest string) {
		return func(t *testing.T, dest string) {
			require.NoError(t, os.MkdirAll(filepath.Join(dest, filepath.Dir(name)), 0o755))
			require.NoError(t, os.WriteFile(filepath.Join(dest, name), []byte("old"), 0o644))
		}
	}
	folder := func(name string) func(t *testing.T, dest string) {
		return func(t *testing.T, dest string) { require.NoError(t, os.MkdirAll(filepath.Join(dest, name), 0o755)) }
	}
	for _, test := range []struct {
		name    string
		prepare func(t *testing.T, dest string)
		o       restore.Options
		want    error  // nil: success
		file    string // then this one is new
	}{
		{"absent", func(*testing.T, string) {}, restore.Options{}, nil, "sub/f"},
		{"empty", folder(""), restore.Options{}, nil, "sub/f"},
		{"not empty", at("x"), restore.Options{}, restore.ErrNotEmpty, ""},
		{"not empty, overwritten", at("x"), restore.Options{Overwrite: true}, nil, "sub/f"},
		{"replaced", at("sub/f"), restore.Options{Overwrite: true}, nil, "sub/f"},
		{"file for folder", at("sub"), restore.Options{Overwrite: true}, restore.ErrConflict, ""},
		{"folder for file", folder("sub/f"), restore.Options{Overwrite: true}, restore.ErrConflict, ""},
		{"folder for symlink", folder("link"), restore.Options{Overwrite: true}, restore.ErrConflict, ""},
		{"subtree", folder(""), restore.Options{Path: "sub"}, nil, "f"},
		{"file into folder", folder(""), restore.Options{Path: "/sub/f/"}, nil, "f"},
		{"file", func(*testing.T, string) {}, restore.Options{Path: "sub/f"}, nil, ""},
		{"path that is not there", folder(""), restore.Options{Path: "sub/g"}, restore.ErrNotFound, ""},
		{"file is there", func(t *testing.T, dest string) { require.NoError(t, os.WriteFile(dest, []byte("old"), 0o600)) },
			restore.Options{Path: "sub/f"}, restore.ErrNotEmpty, ""},
		{"file is there, overwritten", func(t *testing.T, dest string) { require.NoError(t, os.WriteFile(dest, []byte("old"), 0o600)) },
			restore.Options{Path: "sub/f", Overwrite: true}, nil, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			dest := filepath.Join(t.TempDir(), "d", "dest")
			require.NoError(t, os.Mkdir(filepath.Dir(dest), 0o755))
			test.prepare(t, dest)
			before := listing(t, filepath.Dir(dest))
			result, err := restore.Tree(t.Context(), f, root, dest, test.o)
			if test.want != nil {
				require.ErrorIs(t, err, test.want)
				require.Zero(t, result.Counters)
				require.Equal(t, before, listing(t, filepath.Dir(dest)), "nothing was touched")
				return
			}
			require.NoError(t, err)
			requireContent(t, "new", dest, test.file)
			for name, content := range before {
				if after := listing(t, filepath.Dir(dest))[name]; after != "new" {
					require.Equal(t, content, after, "%s is not the snapshot's", name)
				}
			}
		})
	}
}

// listing returns the content of all files below a folder, folders as "/".
func listing(t *testing.T, folder string) map[string]string {
	all := map[string]string{}
	require.NoError(t, filepath.WalkDir(folder, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			all[path] = "/"
			return err
		}
		if e.Type() == os.ModeSymlink {
			all[path], err = os.Readlink(path)
			return err
		}
		data, err := os.ReadFile(path)
		all[path] = string(data)
		return err
	}))
	return all
}

// TestSymlinksInTheWay restores over symlinks that lead outside: as folders, they are in the way; as files, they are
// replaced and what they lead to is not.
func TestSymlinksInTheWay(t *testing.T) {
	outside := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(outside, "f"), []byte("precious"), 0o600))
	f, root := prepare(t, dir("top", file("g", "one", "two"), dir("sub", file("f", "new"))))
	for _, target := range []string{outside, "inside", "."} {
		dest := t.TempDir()
		require.NoError(t, os.Mkdir(filepath.Join(dest, "inside"), 0o755))
		require.NoError(t, os.Symlink(target, filepath.Join(dest, "sub")))
		_, err := restore.Tree(t.Context(), f, root, dest, restore.Options{Overwrite: true})
		require.ErrorIs(t, err, restore.ErrConflict)
	}
	dest := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dest, "sub"), 0o755))
	require.NoError(t, os.Symlink(filepath.Join(outside, "f"), filepath.Join(dest, "sub", "f")))
	require.NoError(t, os.Symlink(filepath.Join(outside, "f"), filepath.Join(dest, "g")))
	_, err := restore.Tree(t.Context(), f, root, dest, restore.Options{Overwrite: true})
	require.NoError(t, err)
	requireContent(t, "new", dest, "sub/f")
	requireContent(t, "onetwo", dest, "g")
	requireContent(t, "precious", outside, "f")
}

// TestAttackerDuringRestore swaps what has been restored for symlinks while the restore goes on.
func TestAttackerDuringRestore(t *testing.T) {
	outside := t.TempDir()
	secret := filepath.Join(outside, "secret")
	require.NoError(t, os.WriteFile(secret, []byte("precious"), 0o600))
	one := file("first", "1", "2")
	one.Link = 9
	two := file("zlink", "1", "2")
	two.Link = 9
	inner := dir("sub", file("f", "new"), file("g", "3", "4"))
	inner.Mode = 0o777
	f, root := prepare(t, dir("top", one, inner, two))
	dest := t.TempDir()
	f.delivered = func(chunk.ID) {
		for _, name := range []string{"first", "sub/f", "sub/g", "sub"} {
			path := filepath.Join(dest, name)
			if os.Remove(path) == nil || os.Rename(path, path+".moved") == nil {
				_ = os.Symlink(secret, path)
			}
		}
	}
	_, err := restore.Tree(t.Context(), f, root, dest, restore.Options{})
	t.Log(err) // whether it succeeds depends on who was first
	requireContent(t, "precious", outside, "secret")
	st, err := os.Stat(secret)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), st.Mode())
	list, err := os.ReadDir(outside)
	require.NoError(t, err)
	require.Len(t, list, 1)
}

// TestHostileNames stores a node whose names lead upwards.
func TestHostileNames(t *testing.T) {
	for _, name := range []string{"..", ".", "a/b", "../x", "", "\x00"} {
		f := newFake()
		o := file("NAME", "x")
		e := f.store(t, dir("top", o))
		for id, n := range f.nodes {
			n.Body = []byte(strings.ReplaceAll(string(n.Body), "\x04NAME", string(rune(len(name)))+name))
			f.nodes[id] = n
		}
		root, err := tree.PutRoot(t.Context(), f.putNode, &e)
		require.NoError(t, err)
		parent := t.TempDir()
		_, err = restore.Tree(t.Context(), f, root, filepath.Join(parent, "dest"), restore.Options{SkipSpaceCheck: true})
		require.ErrorContains(t, err, "is not a possible name")
		require.Len(t, listing(t, parent), 2)
	}
}

// TestHostileLengths: a snapshot may say anything about sizes; no memory and no disk is spent on it.
func TestHostileLengths(t *testing.T) {
	f := newFake()
	o := file("a", "x")
	e := f.store(t, o)
	e.Extents[0].Length, e.Size = 1<<61, 1<<61
	root, err := tree.PutRoot(t.Context(), f.putNode, &e)
	require.NoError(t, err)
	dest := filepath.Join(t.TempDir(), "dest")
	_, err = restore.Tree(t.Context(), f, root, dest, restore.Options{SkipSpaceCheck: true})
	require.ErrorContains(t, err, "it holds 1 bytes")
	require.NoFileExists(t, dest)
	_, err = restore.Write(t.Context(), f, "a", &e, new(strings.Builder), restore.Options{})
	require.ErrorContains(t, err, "more than any chunk")
}

func TestTooDeep(t *testing.T) {
	o := dir("bottom")
	for range 5000 {
		o = dir("d", o)
	}
	f, root := prepare(t, o)
	_, err := restore.Tree(t.Context(), f, root, filepath.Join(t.TempDir(), "dest"), restore.Options{})
	require.ErrorContains(t, err, "nested more than")
}

// TestLongPaths restores what is as deep and as long as systems allow, and more folders than are kept open.
func TestLongPaths(t *testing.T) {
	o := file(strings.Repeat("f", 255), "deep")
	for i := range 2000 {
		o = dir("d", o, file("z", fmt.Sprint(i)))
	}
	f, root := prepare(t, o)
	dest := filepath.Join(t.TempDir(), "dest")
	result, err := restore.Tree(t.Context(), f, root, dest, restore.Options{NoSync: true})
	require.NoError(t, err)
	require.Empty(t, result.Warnings)
	require.EqualValues(t, 2000, result.Dirs)
	requireContent(t, "deep", dest, strings.Repeat("d/", 1999)+strings.Repeat("f", 255))
}

// TestManyFolders needs several windows, and the limit on open folders.
func TestManyFolders(t *testing.T) {
	top := dir("top")
	for i := range 3000 {
		top.children = append(top.children, dir(fmt.Sprintf("%05d", i), file("a", fmt.Sprint(i)), file("b", fmt.Sprint(i), "tail")))
	}
	f, root := prepare(t, top)
	dest := t.TempDir()
	progress := &restore.Progress{}
	result, err := restore.Tree(t.Context(), f, root, dest, restore.Options{NoSync: true, Progress: progress})
	require.NoError(t, err)
	require.Equal(t, restore.Counters{Files: 6000, Dirs: 3001, Bytes: result.Bytes}, progress.Counters())
	requireContent(t, "2999tail", dest, "02999/b")
}

// TestCancel cancels at each of many moments: what is there is whole.
func TestCancel(t *testing.T) {
	top := dir("top")
	for i := range 30 {
		top.children = append(top.children, file(fmt.Sprintf("%02d", i), fmt.Sprint(i), fmt.Sprint(-i)))
	}
	f, root := prepare(t, top)
	why := errors.New("the user said so")
	for after := range 60 {
		ctx, cancel := context.WithCancelCause(t.Context())
		left := make(chan struct{}, after)
		f.delivered = func(chunk.ID) {
			select {
			case left <- struct{}{}:
			default:
				cancel(why)
			}
		}
		dest := t.TempDir()
		_, err := restore.Tree(ctx, f, root, dest, restore.Options{NoSync: true})
		if err != nil {
			require.ErrorIs(t, err, why)
		}
		requireWhole(t, dest, top)
		cancel(nil)
	}
}
