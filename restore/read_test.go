package restore_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/fstest"
	"testing/iotest"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/tree"
	"github.com/heirloom-backup/heirloom/restore"
)

func browsable() *object {
	fifo := &object{Entry: tree.Entry{Name: "fifo", Type: tree.FIFO, Mode: 0o600}}
	return dir("top", file("%41", "percent"), file("a\\b", "backslash"), file("bytes \xff", "x"), dir("empty"), fifo,
		symlink("link", "sub/../sub/inner"), dir("sub", file("inner", "in", "ner"), symlink("up", "../empty")))
}

func TestFS(t *testing.T) {
	f, root := prepare(t, browsable())
	snapshot, err := restore.Open(t.Context(), f, root)
	require.NoError(t, err)
	require.NoError(t, fstest.TestFS(snapshot, "%2541", "a%5Cb", "bytes %FF", "empty", "fifo", "link", "sub", "sub/inner", "sub/up"))

	st, err := fs.Stat(snapshot, "link")
	require.NoError(t, err)
	require.EqualValues(t, 5, st.Size(), "of what the link leads to")
	require.Equal(t, "inner", st.Sys().(*tree.Entry).Name)
	target, err := fs.ReadLink(snapshot, "sub/up")
	require.NoError(t, err)
	require.Equal(t, "../empty", target)
	data, err := fs.ReadFile(snapshot, "bytes %FF")
	require.NoError(t, err)
	require.Equal(t, "x", string(data))

	for _, name := range []string{"nothing", "sub/inner/x", "%41", "bytes \xff", "sub%2Finner"} {
		_, err := snapshot.Open(name)
		require.Error(t, err, name)
	}
}

func TestFSLinks(t *testing.T) {
	f, root := prepare(t, dir("top", symlink("absolute", "/etc"), symlink("loop", "loop"), symlink("out", "../..")))
	snapshot, err := restore.Open(t.Context(), f, root)
	require.NoError(t, err)
	for _, name := range []string{"absolute", "out", "absolute/passwd"} {
		_, err := snapshot.Stat(name)
		require.ErrorIs(t, err, fs.ErrNotExist, name)
	}
	_, err = snapshot.Stat("loop")
	require.ErrorContains(t, err, "too many symlinks")
}

func TestFSOfImage(t *testing.T) {
	f, root := prepare(t, file("disk.img", "sectors"))
	snapshot, err := restore.Open(t.Context(), f, root)
	require.NoError(t, err)
	require.NoError(t, fstest.TestFS(snapshot, "disk.img"))
}

func TestLookupAndWalk(t *testing.T) {
	f, root := prepare(t, browsable())
	e, err := restore.Lookup(t.Context(), f, root, "/sub/inner")
	require.NoError(t, err)
	require.Equal(t, "inner", e.Name)

	for path, want := range map[string]string{
		"sub/none/x": `"/sub" has no "none"`, "none": `"/" has no "none"`, "sub/inner/x": `"sub/inner" is no folder but a file`,
	} {
		_, err := restore.Lookup(t.Context(), f, root, path)
		require.ErrorIs(t, err, restore.ErrNotFound)
		require.ErrorIs(t, err, fs.ErrNotExist)
		require.ErrorContains(t, err, want)
	}

	var paths []string
	for item, err := range restore.Walk(t.Context(), f, root, "") {
		require.NoError(t, err)
		paths = append(paths, item.Path)
	}
	require.Equal(t, []string{".", "%41", "a\\b", "bytes \xff", "empty", "fifo", "link", "sub", "sub/inner", "sub/up"}, paths)
	for item, err := range restore.Walk(t.Context(), f, root, "sub/") {
		require.NoError(t, err)
		require.Equal(t, "sub", item.Path)
		break
	}
}

func TestEscape(t *testing.T) {
	for name, want := range map[string]string{
		"plain": "plain", "ü": "ü", "100%": "100%", "%zz": "%zz", "%41": "%2541", "%4a": "%4a", "\xff": "%FF", "a/\xc3b": "a/%C3b", "%\xff": "%%FF",
	} {
		require.Equal(t, want, restore.Escape(name))
	}
	rapid.Check(t, func(t *rapid.T) {
		name := string(rapid.SliceOf(rapid.SampledFrom([]byte("%4F\xff\xc3\xbca/"))).Draw(t, "name"))
		require.Equal(t, name, restore.Unescape(restore.Escape(name)))
		require.True(t, fs.ValidPath("x"+strings.ReplaceAll(restore.Escape(name), "/", "")))
	})
}

func FuzzUnescape(f *testing.F) {
	for _, s := range []string{"", "%", "%2", "%25", "%FF%", "a%41b", "%%41", "\xff%FF"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		require.Equal(t, s, restore.Unescape(restore.Escape(s)))
		require.LessOrEqual(t, len(restore.Unescape(s)), len(s))
	})
}

// big returns a file with holes and many extents, and its content.
func big() (*object, []byte) {
	random := rand.New(rand.NewPCG(1, 2))
	o := file("big")
	for range 60 {
		if random.IntN(5) == 0 {
			o.parts = append(o.parts, part{hole: random.Int64N(20_000) + 1})
			continue
		}
		data := make([]byte, random.IntN(10_000)+1)
		for i := range data {
			data[i] = byte(random.Uint32())
		}
		o.parts = append(o.parts, part{data: data})
	}
	return o, o.content()
}

func TestReadAt(t *testing.T) {
	o, want := big()
	f, _ := prepare(t, o)
	image, err := restore.OpenImage(t.Context(), f, "big", &o.Entry)
	require.NoError(t, err)
	require.EqualValues(t, len(want), image.Size())
	require.NoError(t, iotest.TestReader(io.NewSectionReader(image, 0, image.Size()), want))

	rapid.Check(t, func(t *rapid.T) {
		off := rapid.IntRange(0, len(want)+10).Draw(t, "offset")
		p := make([]byte, rapid.IntRange(0, 100_000).Draw(t, "length"))
		n, err := image.ReadAt(p, int64(off))
		from := want[min(off, len(want)):]
		require.Equal(t, min(len(p), len(from)), n)
		require.True(t, bytes.Equal(from[:n], p[:n]))
		if n < len(p) {
			require.ErrorIs(t, err, io.EOF)
		} else {
			require.NoError(t, err)
		}
	})
}

func TestWrite(t *testing.T) {
	o, want := big()
	f, _ := prepare(t, o)
	var got bytes.Buffer
	result, err := restore.Write(t.Context(), f, "big", &o.Entry, &got, restore.Options{})
	require.NoError(t, err)
	require.True(t, bytes.Equal(want, got.Bytes()))
	require.Less(t, result.Bytes, int64(len(want)), "holes do not count")

	_, err = restore.Write(t.Context(), f, "top", &tree.Entry{Type: tree.Dir}, &got, restore.Options{})
	require.ErrorIs(t, err, restore.ErrNotFile)
	full := errors.New("the pipe is closed")
	_, err = restore.Write(t.Context(), f, "big", &o.Entry, failing{full}, restore.Options{})
	require.ErrorIs(t, err, full)
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func TestReadDamaged(t *testing.T) {
	o := file("f", "good", "lost", "good")
	f, _ := prepare(t, o)
	f.lost[f.putChunk([]byte("lost")).ID] = datastore.Corrupt

	_, err := restore.Write(t.Context(), f, "f", &o.Entry, io.Discard, restore.Options{})
	damage, ok := errors.AsType[*restore.DamageError](err)
	require.True(t, ok)
	require.Equal(t, []int64{4, 4}, []int64{damage.Offset, damage.Length})

	var got strings.Builder
	result, err := restore.Write(t.Context(), f, "f", &o.Entry, &got, restore.Options{Salvage: true})
	require.NoError(t, err)
	require.Len(t, result.Damage, 1)
	require.Equal(t, "good\x00\x00\x00\x00good", got.String())

	image, err := restore.OpenImage(t.Context(), f, "f", &o.Entry)
	require.NoError(t, err)
	n, err := image.ReadAt(make([]byte, 12), 0)
	damage, ok = errors.AsType[*restore.DamageError](err)
	require.True(t, ok)
	require.Equal(t, []int64{4, 4}, []int64{int64(n), damage.Offset}, "what comes before the damage can be read")
	_, err = image.ReadAt(make([]byte, 4), 8)
	require.NoError(t, err, "and what comes after it")
}
