package backup_test

import (
	"bytes"
	"context"
	"io"
	"iter"
	"math/rand/v2"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
	"github.com/heirloom-backup/heirloom/datastore/backend/dirstore"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
	"github.com/heirloom-backup/heirloom/datastore/backup"
	"github.com/heirloom-backup/heirloom/datastore/backup/source"
	"github.com/heirloom-backup/heirloom/datastore/tree"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// eachBackend runs a test over memory, a folder, and the fault injector without faults.
func eachBackend(t *testing.T, test func(t *testing.T, b backend.Backend)) {
	t.Run("memory", func(t *testing.T) { test(t, mem.New()) })
	t.Run("folder", func(t *testing.T) {
		b, err := dirstore.Open(t.TempDir(), dirstore.Options{})
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, b.Close()) })
		test(t, b)
	})
	t.Run("fault injector", func(t *testing.T) { test(t, backendtest.New(mem.New())) })
}

func create(t testing.TB, b backend.Backend) *datastore.Store {
	t.Helper()
	require.NoError(t, datastore.Create(t.Context(), b, datastore.CreateOptions{}))
	return open(t, b, datastore.Options{})
}

func open(t testing.TB, b backend.Backend, o datastore.Options) *datastore.Store {
	t.Helper()
	s, err := datastore.Open(t.Context(), b, o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func noise(n int, seed byte) []byte {
	p := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{seed}).Read(p) // never fails
	return p
}

func run(t testing.TB, s *datastore.Store, src source.Source, o backup.Options) *backup.Result {
	t.Helper()
	res, err := backup.Run(t.Context(), s, src, o)
	require.NoError(t, err)
	return res
}

// fake is a source made up for a test: entries by path, whose metadata and behaviour the test chooses. Folders are
// those that have something in them.
type fake map[string]*fakeFile

type fakeFile struct {
	tree.Entry
	data    []byte
	openErr error
	readErr error      // after half of data
	statErr error      // of the folder's listing
	listErr error      // of a folder: after its first entry
	later   tree.Entry // what Stat says of the open file; zero: what the listing said
	opened  int
}

var fakeMu sync.Mutex // guards opened

func newFile(data []byte, second int64) *fakeFile {
	t := tree.Time{Sec: second, Nsec: 1}
	return &fakeFile{data: data, Entry: tree.Entry{Type: tree.File, Mode: 0o644, Size: int64(len(data)), ModTime: t, ChangeTime: t}}
}

func (f fake) Open(context.Context) (*source.Root, error) {
	return &source.Root{Kind: datastore.Dataset, Entry: tree.Entry{Name: "data", Type: tree.Dir, Mode: 0o755},
		Dir: &fakeDir{f, ""}, Paths: []string{"/data"}}, nil
}

func (f fake) opens(name string) int {
	fakeMu.Lock()
	defer fakeMu.Unlock()
	return f[name].opened
}

type fakeDir struct {
	fake
	path string
}

func (d *fakeDir) names() []string {
	found := map[string]bool{}
	for p := range d.fake {
		if rest, ok := strings.CutPrefix(p, d.path); ok && rest != "" {
			name, _, _ := strings.Cut(rest, "/")
			found[name] = true
		}
	}
	var names []string
	for name := range found {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (d *fakeDir) Entries(context.Context) iter.Seq2[tree.Entry, error] {
	return func(yield func(tree.Entry, error) bool) {
		self := d.fake[strings.TrimSuffix(d.path, "/")]
		for i, name := range d.names() {
			if self != nil && self.listErr != nil && i == 1 {
				yield(tree.Entry{}, self.listErr)
				return
			}
			f := d.fake[d.path+name]
			if f == nil || f.Type == tree.Dir {
				f = &fakeFile{Entry: tree.Entry{Type: tree.Dir, Mode: 0o755}}
			}
			e := f.Entry
			e.Name = name
			if f.statErr != nil {
				if !yield(tree.Entry{}, &source.EntryError{Name: name, Err: f.statErr}) {
					return
				}
			} else if !yield(e, nil) {
				return
			}
		}
	}
}

func (*fakeDir) Detail(context.Context, *tree.Entry) error { return nil }
func (*fakeDir) Close() error                              { return nil }

func (d *fakeDir) OpenDir(_ context.Context, name string) (source.Dir, error) {
	if f := d.fake[d.path+name]; f != nil && f.openErr != nil {
		return nil, f.openErr
	}
	return &fakeDir{d.fake, d.path + name + "/"}, nil
}

func (d *fakeDir) OpenFile(_ context.Context, name string) (source.File, error) {
	f := d.fake[d.path+name]
	if f.openErr != nil {
		return nil, f.openErr
	}
	fakeMu.Lock()
	defer fakeMu.Unlock()
	f.opened++
	var r io.Reader = bytes.NewReader(f.data)
	if f.readErr != nil {
		r = io.MultiReader(bytes.NewReader(f.data[:len(f.data)/2]), failing{f.readErr})
	}
	return &openFake{r, f}, nil
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

type openFake struct {
	io.Reader
	f *fakeFile
}

func (o *openFake) Close() error { return nil }

func (o *openFake) Stat() (tree.Entry, error) {
	if o.f.later.Type != 0 {
		return o.f.later, nil
	}
	return o.f.Entry, nil
}

// content reads a whole snapshot: files by path; folders end in a slash.
func content(t testing.TB, s *datastore.Store, sn *datastore.Snapshot) map[string]string {
	t.Helper()
	root, err := tree.Root(t.Context(), s.Node, sn.Root)
	require.NoError(t, err)
	found := map[string]string{}
	if root.Type == tree.File {
		found[root.Name] = string(readFile(t, s, &root))
		return found
	}
	readDir(t, s, root.Tree, "", found)
	return found
}

func readDir(t testing.TB, s *datastore.Store, dir chunk.ID, prefix string, found map[string]string) {
	t.Helper()
	for e, err := range tree.Entries(t.Context(), s.Node, dir) {
		require.NoError(t, err)
		switch name := path.Join(prefix, e.Name); e.Type {
		case tree.Dir:
			found[name+"/"] = ""
			readDir(t, s, e.Tree, name, found)
		case tree.File:
			found[name] = string(readFile(t, s, &e))
		}
	}
}

func readFile(t testing.TB, s *datastore.Store, e *tree.Entry) []byte {
	t.Helper()
	var ids []chunk.ID
	var offsets []int64
	for x, err := range tree.Extents(t.Context(), s.Node, e, 0) {
		require.NoError(t, err)
		if !x.Hole() {
			ids, offsets = append(ids, x.ID), append(offsets, x.Offset)
		}
	}
	data := make([]byte, e.Size)
	require.NoError(t, s.Fetch(t.Context(), ids, func(i int, p []byte, err error) error {
		copy(data[offsets[i]:], p)
		return err
	}))
	return data
}

// want is what content should return of a source.
func (f fake) want() map[string]string {
	found := map[string]string{}
	for p, file := range f {
		for dir := path.Dir(p); dir != "."; dir = path.Dir(dir) {
			found[dir+"/"] = ""
		}
		if file.Type == tree.File {
			found[p] = string(file.data)
		}
	}
	return found
}

// requireContent compares without printing megabytes.
func requireContent(t testing.TB, want, got map[string]string) {
	t.Helper()
	require.Equal(t, keys(want), keys(got))
	for name := range want {
		require.True(t, want[name] == got[name], "content of %s: %d bytes, %d wanted", name, len(got[name]), len(want[name]))
	}
}

func keys(m map[string]string) []string {
	var list []string
	for k := range m {
		list = append(list, k)
	}
	slices.Sort(list)
	return list
}
