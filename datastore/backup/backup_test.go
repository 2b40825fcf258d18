package backup_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
	"github.com/heirloom-backup/heirloom/datastore/backup"
	"github.com/heirloom-backup/heirloom/datastore/backup/source"
	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// ages are seconds: old is long before any run.
const old = 1_000_000_000

// sizes are a tree of files of every path through the program: none, small, just small enough, large, many extents.
func sizes() fake {
	f := fake{}
	for i, n := range []int{0, 1, 5000, 512 << 10, 512<<10 + 1, 3 << 20} {
		f[fmt.Sprintf("%d/file", i)] = newFile(noise(n, byte(i)), old)
	}
	f["top"] = newFile([]byte("top"), old)
	return f
}

func TestRoundTrip(t *testing.T) {
	eachBackend(t, func(t *testing.T, b backend.Backend) {
		s, f := create(t, b), sizes()
		res := run(t, s, f, backup.Options{Job: "daily", Host: "web", Tags: map[string]string{"k": "v"}})
		require.True(t, res.Complete)
		require.Empty(t, res.Warnings)
		requireContent(t, f.want(), content(t, open(t, b, datastore.Options{}), res.Snapshot))
		sn, err := s.Find(t.Context(), datastore.Address{Group: res.Snapshot.Group})
		require.NoError(t, err)
		require.Equal(t, "daily", sn.Job)
		require.Equal(t, datastore.Details{Sources: []string{"/data"}, Host: "web", Tags: map[string]string{"k": "v"}}, sn.Details)
		require.Equal(t, int64(7), sn.Stats.Files)
		require.Equal(t, int64(7), sn.Stats.Dirs)
		require.Equal(t, int64(1+5000+(512<<10)+(512<<10+1)+(3<<20)+3), sn.Stats.BytesSource)
	})
}

func TestRoundTripEncrypted(t *testing.T) {
	b, pass := mem.New(), []byte("secret")
	require.NoError(t, datastore.Create(t.Context(), b, datastore.CreateOptions{Encrypt: true, Passphrase: pass}))
	s, f := open(t, b, datastore.Options{Passphrase: pass}), sizes()
	res := run(t, s, f, backup.Options{Tags: map[string]string{"k": "v"}})
	again := open(t, b, datastore.Options{Passphrase: pass})
	requireContent(t, f.want(), content(t, again, res.Snapshot))
	sn, err := again.Find(t.Context(), datastore.Address{Group: res.Snapshot.Group})
	require.NoError(t, err)
	require.Equal(t, "v", sn.Details.Tags["k"])
	require.Zero(t, run(t, s, f, backup.Options{Mode: datastore.Full}).Stats.BytesNew)
}

// The first snapshot, one that reads what has changed, and one that reads everything.
func TestModes(t *testing.T) {
	s, f := create(t, mem.New()), sizes()
	first := run(t, s, f, backup.Options{})
	require.Nil(t, first.Parent)
	require.Equal(t, datastore.Incremental, first.Mode)
	require.Equal(t, first.Stats.BytesSource, first.Stats.BytesRead)
	require.Zero(t, first.Snapshot.Parent)
	require.Equal(t, first.Snapshot.Time, first.Snapshot.ChainBase)
	require.Equal(t, 1, first.Snapshot.Generation)
	require.Equal(t, datastore.ManualJob, first.Snapshot.Job)

	same := run(t, s, f, backup.Options{Job: "other"})
	require.Equal(t, first.Snapshot.ID, same.Parent.ID, "found by group, whatever the job")
	require.Zero(t, same.Stats.BytesRead)
	require.Zero(t, same.Stats.BytesNew)
	require.Equal(t, first.Stats.BytesSource, same.Stats.BytesSource)
	require.Equal(t, first.Snapshot.Root, same.Snapshot.Root)

	f["2/file"] = newFile(noise(6000, 9), old+1)
	delete(f, "1/file")
	changed := run(t, s, f, backup.Options{})
	require.Equal(t, int64(6000), changed.Stats.BytesRead)
	require.Equal(t, same.Snapshot.Time, changed.Snapshot.Parent)
	require.Equal(t, first.Snapshot.Time, changed.Snapshot.ChainBase)
	requireContent(t, f.want(), content(t, s, changed.Snapshot))

	full := run(t, s, f, backup.Options{Mode: datastore.Full})
	require.Nil(t, full.Parent)
	require.Zero(t, full.Snapshot.Parent)
	require.Equal(t, full.Snapshot.Time, full.Snapshot.ChainBase)
	require.Equal(t, full.Stats.BytesSource, full.Stats.BytesRead)
	require.Zero(t, full.Stats.BytesNew)
	require.Equal(t, changed.Snapshot.Root, full.Snapshot.Root, "however it was made")
}

// What differs in any of what the parent recorded is read again.
func TestChangesThatShow(t *testing.T) {
	at := tree.Time{Sec: old + 5, Nsec: 1}
	for name, change := range map[string]func(f *fakeFile){
		"size":        func(f *fakeFile) { f.data, f.Size = f.data[:100], 100 },
		"mtime":       func(f *fakeFile) { f.ModTime = at },
		"earlier":     func(f *fakeFile) { f.ModTime.Sec-- },
		"ctime":       func(f *fakeFile) { f.ChangeTime = at },
		"inode":       func(f *fakeFile) { f.Inode = 7 },
		"mode":        func(f *fakeFile) { f.Mode = 0o600 },
		"no time":     func(f *fakeFile) { f.ModTime = tree.Time{} },
		"was a fifo":  func(f *fakeFile) { f.ChangeTime.Nsec++ },
		"nothing":     func(*fakeFile) {},
		"other owner": func(f *fakeFile) { f.UID = 7 },
	} {
		t.Run(name, func(t *testing.T) {
			s, f := create(t, mem.New()), fake{"a": newFile(noise(5000, 1), old)}
			run(t, s, f, backup.Options{})
			change(f["a"])
			run(t, s, f, backup.Options{})
			again := name != "nothing" && name != "other owner"
			require.Equal(t, again, f.opens("a") == 2)
		})
	}
}

// A file whose times lie within the clock's granularity of the last run could have changed again without their telling.
func TestRacyTimes(t *testing.T) {
	started := time.Date(2026, 11, 22, 2, 0, 0, 5e8, time.UTC)
	for name, c := range map[string]struct {
		modified time.Time
		again    bool
	}{
		"long before":                        {started.Add(-time.Hour), false},
		"just before, in fractions":          {started.Add(-30 * time.Millisecond), false},
		"within a tick":                      {started.Add(-10 * time.Millisecond), true},
		"in the moment it began":             {started, true},
		"after":                              {started.Add(time.Second), true},
		"whole seconds, within two of them":  {started.Add(-1500 * time.Millisecond), true},
		"whole seconds, more than two of it": {started.Add(-3500 * time.Millisecond), false},
	} {
		t.Run(name, func(t *testing.T) {
			b := mem.New()
			create(t, b)
			now := started
			s := open(t, b, datastore.Options{Now: func() time.Time { return now }})
			f := fake{"a": newFile([]byte("one"), old)}
			f["a"].ModTime, f["a"].ChangeTime = tree.TimeOf(c.modified), tree.TimeOf(c.modified)
			run(t, s, f, backup.Options{})
			now = now.Add(time.Hour)
			f["a"].data = []byte("two")
			res := run(t, s, f, backup.Options{})
			require.Equal(t, c.again, content(t, s, res.Snapshot)["a"] == "two")
			now = now.Add(time.Hour)
			run(t, s, f, backup.Options{})
			require.LessOrEqual(t, f.opens("a"), 2, "only once more")
		})
	}
}

var errDisk = errors.New("input/output error")

// What cannot be read is a warning with its path, and the snapshot says that it is not complete.
func TestWarnings(t *testing.T) {
	for name, c := range map[string]struct {
		harm func(f fake)
		path string
		gone []string // not in the snapshot
	}{
		"file does not open":   {func(f fake) { f["2/file"].openErr = fs.ErrPermission }, "2/file", []string{"2/file"}},
		"large file, too":      {func(f fake) { f["5/file"].openErr = fs.ErrPermission }, "5/file", []string{"5/file"}},
		"file vanished":        {func(f fake) { f["2/file"].openErr = fs.ErrNotExist }, "2/file", []string{"2/file"}},
		"file breaks off":      {func(f fake) { f["2/file"].readErr = errDisk }, "2/file", []string{"2/file"}},
		"large file breaks":    {func(f fake) { f["5/file"].readErr = errDisk }, "5/file", []string{"5/file"}},
		"entry without status": {func(f fake) { f["2/file"].statErr = errDisk }, "2/file", []string{"2/file"}},
		"folder does not open": {func(f fake) {
			f["2"] = &fakeFile{Entry: tree.Entry{Type: tree.Dir}, openErr: fs.ErrPermission}
		}, "2", []string{"2/file"}},
		"listing breaks off": {func(f fake) {
			f["2"] = &fakeFile{Entry: tree.Entry{Type: tree.Dir}, listErr: errDisk}
			f["2/zzz"] = newFile(nil, old)
		}, "2", []string{"2/zzz"}},
	} {
		t.Run(name, func(t *testing.T) {
			s, f := create(t, mem.New()), sizes()
			c.harm(f)
			res := run(t, s, f, backup.Options{})
			require.False(t, res.Complete)
			require.Len(t, res.Warnings, 1)
			require.Equal(t, int64(1), res.Skipped)
			require.Equal(t, c.path, res.Warnings[0].Path)
			want := f.want()
			for _, p := range c.gone {
				delete(want, p)
			}
			requireContent(t, want, content(t, s, res.Snapshot))
			sn, err := s.Find(t.Context(), datastore.Address{Group: res.Snapshot.Group})
			require.NoError(t, err)
			require.False(t, sn.Complete)
			require.Equal(t, res.Warnings, sn.Details.Warnings)
		})
	}
}

// A file that changes while it is read is saved as it was read, which is said; the next run reads it again.
func TestFileThatChangesWhileItIsRead(t *testing.T) {
	for _, size := range []int{5000, 2 << 20} {
		for name, c := range map[string]struct {
			change func(f *fakeFile)
			saved  int // of what was listed
		}{
			"times":      {func(f *fakeFile) { f.later = f.Entry; f.later.ModTime.Sec++ }, size},
			"grows":      {func(f *fakeFile) { f.data = append(f.data, "more"...); f.later = f.Entry; f.later.Size += 4 }, size},
			"shrinks":    {func(f *fakeFile) { f.data = f.data[:size/2]; f.later = f.Entry; f.later.Size = int64(size / 2) }, size / 2},
			"is emptied": {func(f *fakeFile) { f.data = nil; f.later = f.Entry; f.later.Size = 0 }, 0},
		} {
			t.Run(fmt.Sprint(name, " ", size), func(t *testing.T) {
				s, f := create(t, mem.New()), fake{"a": newFile(noise(size, 1), old), "b": newFile([]byte("b"), old)}
				c.change(f["a"])
				res := run(t, s, f, backup.Options{})
				require.Len(t, res.Warnings, 1)
				require.Equal(t, "a", res.Warnings[0].Path)
				require.Contains(t, res.Warnings[0].Reason, "changed")
				got := content(t, s, res.Snapshot)
				require.GreaterOrEqual(t, len(got["a"]), c.saved)
				require.True(t, string(f["a"].data[:len(got["a"])]) == got["a"], "what was read")
				require.Equal(t, "b", got["b"])
			})
		}
	}
}

// Whatever fails of the root itself is an error: there is nothing to save.
func TestRootThatFails(t *testing.T) {
	b := mem.New()
	s := create(t, b)
	before, err := backend.Names(t.Context(), b, "")
	require.NoError(t, err)
	_, err = backup.Run(t.Context(), s, source.FS("data", failingFS{}), backup.Options{})
	require.ErrorIs(t, err, errDisk)
	_, err = backup.Run(t.Context(), s, unlistable{fake{}}, backup.Options{})
	require.ErrorIs(t, err, errDisk, "an error is not an empty folder")
	_, err = backup.Run(t.Context(), s, source.Stream("stdin", failing{errDisk}), backup.Options{})
	require.ErrorIs(t, err, errDisk)
	_, err = backup.Run(t.Context(), s, sizes(), backup.Options{Group: datastore.Group{Kind: "disk"}})
	require.ErrorIs(t, err, datastore.ErrAddress)
	after, err := backend.Names(t.Context(), b, "")
	require.NoError(t, err)
	require.Equal(t, before, after)
}

// unlistable is a source whose root opens and cannot be listed.
type unlistable struct{ fake }

func (u unlistable) Open(ctx context.Context) (*source.Root, error) {
	root, err := u.fake.Open(ctx)
	root.Dir = unlistableDir{root.Dir}
	return root, err
}

type unlistableDir struct{ source.Dir }

func (unlistableDir) Entries(context.Context) iter.Seq2[tree.Entry, error] {
	return func(yield func(tree.Entry, error) bool) { yield(tree.Entry{}, errDisk) }
}

type failingFS struct{}

func (failingFS) Open(string) (fs.File, error) { return nil, errDisk }

func TestDryRunStoresNothing(t *testing.T) {
	b := mem.New()
	s, f := create(t, b), sizes()
	run(t, s, f, backup.Options{})
	f["new"] = newFile(noise(1000, 99), old)
	before, err := backend.Names(t.Context(), b, "")
	require.NoError(t, err)
	for _, mode := range []datastore.Mode{datastore.Incremental, datastore.Full} {
		res := run(t, s, f, backup.Options{DryRun: true, Mode: mode})
		require.Nil(t, res.Snapshot)
		require.Equal(t, int64(1000), res.Stats.BytesNew)
		require.Zero(t, res.Stats.BytesStored)
	}
	after, err := backend.Names(t.Context(), b, "")
	require.NoError(t, err)
	require.ElementsMatch(t, before, after)
}

// The same tree twice is the same snapshot, whatever order its goroutines ran in.
func TestSameTreeSameRoot(t *testing.T) {
	s, f := create(t, mem.New()), fake{}
	for n := range 10_000 {
		f[fmt.Sprintf("all/%05d", n)] = newFile(fmt.Appendf(nil, "file %d", n), old)
	}
	for n := range 300 {
		f[fmt.Sprintf("deep/%d/%d/x", n%7, n)] = newFile(noise(n, byte(n)), old)
	}
	first := run(t, s, f, backup.Options{})
	requireContent(t, f.want(), content(t, s, first.Snapshot))
	again := run(t, s, f, backup.Options{Mode: datastore.Full, Readers: 1})
	require.Zero(t, again.Stats.BytesNew)
	require.Equal(t, first.Snapshot.Root, again.Snapshot.Root)

	delete(f, "all/05000")
	less := run(t, s, f, backup.Options{})
	require.Less(t, less.Stats.BytesNewTrees, first.Stats.BytesNewTrees/20, "one entry less is one small node")
	requireContent(t, f.want(), content(t, s, less.Snapshot))
}

func TestHardLinks(t *testing.T) {
	s, f := create(t, mem.New()), fake{}
	for _, name := range []string{"a", "b/c"} {
		f[name] = newFile(noise(5000, 1), old)
		f[name].Link, f[name].Inode = 7, 7
	}
	res := run(t, s, f, backup.Options{})
	require.Equal(t, int64(5000), res.Stats.BytesNew, "stored once")
	requireContent(t, f.want(), content(t, s, res.Snapshot))
	root, err := tree.Root(t.Context(), s.Node, res.Snapshot.Root)
	require.NoError(t, err)
	e, ok, err := tree.Find(t.Context(), s.Node, root.Tree, "a")
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, uint64(7), e.Link)
}

func TestBackUpAnFS(t *testing.T) {
	fsys := fstest.MapFS{"a/b": {Data: noise(100_000, 1), Mode: 0o644, ModTime: time.Unix(old, 0)}}
	s := create(t, mem.New())
	res := run(t, s, source.FS("data", fsys), backup.Options{Group: datastore.Group{Namespace: "prod"}})
	require.Equal(t, "prod:dataset/data", res.Snapshot.Group.String())
	require.Equal(t, string(fsys["a/b"].Data), content(t, s, res.Snapshot)["a/b"])
}
