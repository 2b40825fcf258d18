package index

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
)

// TestSizes has tables that end before, at and behind the end of a block.
func TestSizes(t *testing.T) {
	for _, n := range []int{0, 1, 2, perBlock - 1, perBlock, perBlock + 1, 2 * perBlock, 2*perBlock + 1, 1000} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			ids := make([]chunk.ID, n)
			for i := range ids {
				ids[i] = idOf(i)
			}
			s := source("p", 30, ids...)
			table := tableOf(t, s)
			require.Equal(t, int64(n), table.Len())
			for id, want := range model(s) {
				require.Equal(t, want, locations(t, table, id))
			}
			for i := range 1000 {
				require.Empty(t, locations(t, table, idOf(n+i)))
			}
			require.Empty(t, locations(t, table, chunk.ID{}))
			require.Empty(t, locations(t, table, chunk.ID(bytes.Repeat([]byte{0xff}, 32))))
		})
	}
}

func TestPacks(t *testing.T) {
	tree := source("tree", 10, idOf(3))
	tree.Trailer.Kind, tree.Trailer.Slots, tree.Trailer.Writer = pack.Tree, [][]byte{}, ""
	table := tableOf(t, source("content", 10, idOf(1), idOf(2)), tree)
	require.Equal(t, []Pack{
		{Name: "content", Size: 1000 + 68 + 100, Kind: pack.Content, Slots: [][]byte{[]byte("slot of content")}, Writer: "w"},
		{Name: "tree", Size: 500 + 34 + 100, Kind: pack.Tree, Slots: [][]byte{}},
	}, table.Packs())
}

func TestFrame(t *testing.T) {
	s := source("p", 2, idOf(1), idOf(2), idOf(3))
	s.Trailer.Frames[1].Slot, s.Trailer.Frames[1].Nonce = 4096, 1<<32-1
	table := tableOf(t, source("before", 1, idOf(9)), s)
	for i, want := range s.Trailer.Frames {
		want.Chunks = nil
		got, packNo, err := table.Frame(uint32(i + 1))
		require.NoError(t, err)
		require.Equal(t, want, got)
		require.Equal(t, uint32(1), packNo)
	}
	_, _, err := table.Frame(3)
	require.ErrorIs(t, err, ErrDamaged)
}

// crowded draws IDs of which many are equal and many share their first 8 bytes.
func crowded() *rapid.Generator[chunk.ID] {
	return rapid.Custom(func(t *rapid.T) chunk.ID {
		id := idOf(rapid.IntRange(0, 3).Draw(t, "prefix"))
		id[31] = byte(rapid.IntRange(0, 200).Draw(t, "id"))
		return id
	})
}

func anySources(t *rapid.T, label string) (list []Source) {
	for i := range rapid.IntRange(0, 4).Draw(t, label) {
		ids := rapid.SliceOfN(crowded(), 0, 150).Draw(t, "ids")
		list = append(list, source(fmt.Sprintf("%s %d", label, i), rapid.IntRange(1, 40).Draw(t, "per frame"), ids...))
	}
	return list
}

// TestFind compares tables with a map.
func TestFind(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sources := anySources(t, "pack")
		table, want := tableOf(t, sources...), model(sources...)
		for p := range 4 {
			for n := range 201 {
				id := idOf(p)
				id[31] = byte(n)
				require.Equal(t, want[id], locations(t, table, id))
			}
		}
	})
}

// TestCopiesAcrossBlocks has one chunk so often that its copies fill several blocks, with neighbours on both sides.
func TestCopiesAcrossBlocks(t *testing.T) {
	same, before, after := idOf(0), idOf(0), idOf(0)
	before[31], same[31], after[31] = 1, 2, 3
	ids := []chunk.ID{after, before}
	for range 3*perBlock + 5 {
		ids = append(ids, same)
	}
	s := source("p", 20, ids...)
	table, want := tableOf(t, s), model(s)
	for _, id := range []chunk.ID{before, same, after} {
		require.Equal(t, want[id], locations(t, table, id))
	}
}

func TestFindAppends(t *testing.T) {
	table := tableOf(t, source("p", 1, idOf(1)))
	id := idOf(1)
	places, err := table.Find([]Place{{Pack: 7}}, &id)
	require.NoError(t, err)
	require.Len(t, places, 2)
	require.Equal(t, Place{Pack: 7}, places[0])
}

// failing fails to read from an offset on.
type failing struct {
	*bytes.Reader
	from int64
}

var errRead = errors.New("disk failure")

func (f failing) ReadAt(p []byte, off int64) (int, error) {
	if off >= f.from && off < f.from+blockSize {
		return 0, errRead
	}
	return f.Reader.ReadAt(p, off)
}

func TestReadErrors(t *testing.T) {
	var w bytes.Buffer
	require.NoError(t, Build(&w, numbered(2, 200)))
	size := int64(w.Len())
	r := bytes.NewReader(w.Bytes())
	_, err := Open(failing{r, size - footerSize}, size)
	require.ErrorIs(t, err, errRead)
	table, err := Open(failing{r, 0}, size)
	require.NoError(t, err)
	id := table.firstID(t, w.Bytes())
	_, err = table.Find(nil, &id)
	require.ErrorIs(t, err, errRead)
	for _, err := range All([]*Table{table}) {
		require.ErrorIs(t, err, errRead)
	}
	require.ErrorIs(t, Merge(&bytes.Buffer{}, []*Table{table}, func(string) bool { return true }), errRead)

	table, err = Open(failing{r, table.at.frames}, size)
	require.ErrorIs(t, err, errRead, "the head lies within a block's length of the frames")
	require.Nil(t, table)
}

func (t *Table) firstID(test *testing.T, data []byte) chunk.ID {
	require.Equal(test, t.firsts[0], prefix((*chunk.ID)(data)))
	return chunk.ID(data[:32])
}
