package restore_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/restore"
)

// damagedStore holds a/{large,small}, b/ and c, of which the second chunk of large, small and the folder b are lost.
func damagedStore(t *testing.T) (*fake, chunk.ID) {
	b := dir("b", file("never seen", "x"))
	f, root := prepare(t, dir("top",
		dir("a", file("large", "one.", "two.", "three"), file("small", "gone")), b, file("c", "kept")))
	f.lost[f.putChunk([]byte("two.")).ID] = datastore.Corrupt
	f.lost[f.putChunk([]byte("gone")).ID] = datastore.Missing
	f.lost[b.Tree] = datastore.Missing
	return f, root
}

func TestSalvage(t *testing.T) {
	f, root := damagedStore(t)
	dest := t.TempDir()
	result, err := restore.Tree(t.Context(), f, root, dest, restore.Options{Salvage: true})
	require.NoError(t, err)

	require.EqualValues(t, 3, result.DamageCount)
	byPath := map[string]restore.Damage{}
	for _, d := range result.Damage {
		require.NotZero(t, d.Chunk)
		require.NotEmpty(t, d.Detail)
		d.Chunk, d.Detail = chunk.ID{}, ""
		byPath[d.Path] = d
	}
	require.Equal(t, map[string]restore.Damage{
		"a/large": {Path: "a/large", Offset: 4, Length: 4, Reason: datastore.Corrupt},
		"a/small": {Path: "a/small", Offset: 0, Length: 4, Reason: datastore.Missing},
		"b":       {Path: "b", Reason: datastore.Missing},
	}, byPath)
	requireContent(t, "one.\x00\x00\x00\x00three", dest, "a/large")
	requireContent(t, "\x00\x00\x00\x00", dest, "a/small")
	requireContent(t, "kept", dest, "c")
	require.DirExists(t, filepath.Join(dest, "b"))
}

func requireContent(t *testing.T, want, dest, name string) {
	t.Helper()
	if name == "" {
		dest, name = filepath.Dir(dest), filepath.Base(dest)
	}
	root, err := os.OpenRoot(dest) // which has no limit on the length of a path
	require.NoError(t, err)
	defer root.Close()
	data, err := root.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, want, string(data))
}

func TestDamageFails(t *testing.T) {
	f, root := damagedStore(t)
	for _, test := range []struct {
		path   string
		want   restore.Damage
		reason string
	}{
		{"a/large", restore.Damage{Path: "a/large", Offset: 4, Length: 4, Reason: datastore.Corrupt}, "4 bytes at offset 4"},
		{"a/small", restore.Damage{Path: "a/small", Offset: 0, Length: 4, Reason: datastore.Missing}, "salvage"},
		{"b", restore.Damage{Path: "b", Reason: datastore.Missing}, "the folder"},
	} {
		t.Run(test.path, func(t *testing.T) {
			dest := filepath.Join(t.TempDir(), "dest")
			_, err := restore.Tree(t.Context(), f, root, dest, restore.Options{Path: test.path, SkipSpaceCheck: true})
			damage, ok := errors.AsType[*restore.DamageError](err)
			require.True(t, ok, "%v", err)
			require.ErrorContains(t, err, test.reason)
			damage.Chunk, damage.Detail = chunk.ID{}, ""
			require.Equal(t, test.want, damage.Damage)
			require.NoFileExists(t, dest)
		})
	}
}

// TestFailureLeavesNothingHalfDone lets every chunk of a snapshot in turn be lost.
func TestFailureLeavesNothingHalfDone(t *testing.T) {
	top := dir("top")
	for i := range 12 {
		o := file(fmt.Sprintf("%02d", i), strings.Repeat("a", i+1), strings.Repeat("b", i+1), strings.Repeat("c", i+1))
		if i%2 == 0 {
			o.parts = o.parts[:1]
		}
		if i == 1 || i == 7 {
			o.Link = 5
			o.parts = []part{{data: []byte("shared")}, {data: []byte("by links")}}
		}
		top.children = append(top.children, o)
	}
	f, root := prepare(t, top)
	for id := range f.chunks {
		for _, overwrite := range []bool{false, true} {
			f.lost = map[chunk.ID]datastore.Damage{id: datastore.Missing}
			dest := t.TempDir()
			if overwrite {
				require.NoError(t, os.WriteFile(filepath.Join(dest, "03"), []byte("old"), 0o600))
			}
			_, err := restore.Tree(t.Context(), f, root, dest, restore.Options{Overwrite: overwrite, NoSync: true})
			require.Error(t, err)
			requireWhole(t, dest, top)
		}
	}
}

// requireWhole checks that each file in dest is as in the model, or old.
func requireWhole(t *testing.T, dest string, top *object) {
	list, err := os.ReadDir(dest)
	require.NoError(t, err)
	want := map[string]string{}
	for _, o := range top.children {
		want[o.Name] = string(o.content())
	}
	for _, e := range list {
		data, err := os.ReadFile(filepath.Join(dest, e.Name()))
		require.NoError(t, err)
		require.Contains(t, want, e.Name())
		if string(data) != "old" {
			require.Equal(t, want[e.Name()], string(data), e.Name())
		}
	}
}

// TestSalvageLongFile loses nodes of a file that has many: only their ranges are missing.
func TestSalvageLongFile(t *testing.T) {
	o := file("long")
	for i := range 20_000 {
		o.parts = append(o.parts, part{data: fmt.Appendf(nil, "%08d", i)})
	}
	f, root := prepare(t, dir("top", o))
	want := o.content()
	require.Greater(t, len(f.nodes), 8)

	lost := int64(0)
	index := f.nodes[o.Tree]
	for _, i := range []int{1, len(index.Refs.Trees) - 1} {
		id := index.Refs.Trees[i]
		f.lost[id] = datastore.Corrupt
		lost += 8 * int64(len(f.nodes[id].Refs.Contents))
	}
	dest := t.TempDir()
	result, err := restore.Tree(t.Context(), f, root, dest, restore.Options{Salvage: true})
	require.NoError(t, err)
	require.Len(t, result.Damage, 2)
	for _, d := range result.Damage {
		require.Equal(t, "long", d.Path)
		clear(want[d.Offset : d.Offset+d.Length])
		lost -= d.Length
	}
	require.Zero(t, lost)
	requireContent(t, string(want), dest, "long")
}

// TestUnreachable checks that storage that cannot be asked is not taken for damage.
func TestUnreachable(t *testing.T) {
	f, root := prepare(t, dir("top", file("a", "x")))
	f.delivered = func(chunk.ID) { f.down = errors.New("connection refused") }
	_, err := restore.Tree(t.Context(), f, root, t.TempDir(), restore.Options{Salvage: true})
	require.ErrorIs(t, err, f.down)
	_, damaged := errors.AsType[*restore.DamageError](err)
	require.False(t, damaged)
}

// TestWrongLength: a chunk that is whole but not as long as the snapshot says is damage.
func TestWrongLength(t *testing.T) {
	f, root := prepare(t, dir("top", file("a", "four")))
	f.chunks[f.putChunk([]byte("four")).ID] = []byte("seven77")
	_, err := restore.Tree(t.Context(), f, root, t.TempDir(), restore.Options{})
	require.ErrorContains(t, err, "it holds 7 bytes, the snapshot says 4")
}
