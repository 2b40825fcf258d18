package index

import (
	"bytes"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/heirloom-backup/heirloom/chunk"
)

func merge(t require.TestingT, tables []*Table, keep func(string) bool) *Table {
	var w bytes.Buffer
	require.NoError(t, Merge(&w, tables, keep))
	return open(t, w.Bytes())
}

// TestMerge compares merged tables, and a merge of those, with a map.
func TestMerge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all []Source
		var tables []*Table
		for _, label := range []string{"a", "b", "c"} {
			sources := anySources(t, label)
			tables = append(tables, tableOf(t, sources...))
			all = append(all, sources...)
		}
		dropped := map[string]bool{}
		for _, s := range all {
			dropped[s.Trailer.Name] = rapid.Bool().Draw(t, "dropped")
		}
		keep := func(name string) bool { return !dropped[name] }
		once := merge(t, []*Table{merge(t, tables[:2], keep), tables[2]}, keep)
		want := model(slices.DeleteFunc(all, func(s Source) bool { return dropped[s.Trailer.Name] })...)
		count := 0
		for id, places := range want {
			require.Equal(t, places, locations(t, once, id))
			count += len(places)
		}
		require.Equal(t, int64(count), once.Len(), "nothing else is left")
		for _, p := range once.Packs() {
			require.False(t, dropped[p.Name], "a dropped pack keeps no name")
		}
	})
}

func TestMergeOfNothing(t *testing.T) {
	require.Zero(t, merge(t, nil, nil).Len())
	require.Zero(t, merge(t, []*Table{tableOf(t), tableOf(t)}, nil).Len())
	none := merge(t, []*Table{tableOf(t, numbered(2, 500)...)}, func(string) bool { return false })
	require.Zero(t, none.Len())
	require.Empty(t, locations(t, none, idOf(1)))
}

func TestKeepIsAskedOncePerPack(t *testing.T) {
	var asked []string
	merge(t, []*Table{tableOf(t, numbered(3, 100)...)}, func(name string) bool {
		asked = append(asked, name)
		return true
	})
	require.Equal(t, []string{"pack 0", "pack 1", "pack 2"}, asked)
}

func TestAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var tables []*Table
		var models []map[chunk.ID][]location
		for range rapid.IntRange(0, 4).Draw(t, "tables") {
			sources := anySources(t, "pack")
			tables, models = append(tables, tableOf(t, sources...)), append(models, model(sources...))
		}
		var last Listed
		for e, err := range All(tables) {
			require.NoError(t, err)
			require.LessOrEqual(t, last.ID.Compare(e.ID), 0, "in order")
			if last.ID == e.ID {
				require.LessOrEqual(t, last.Table, e.Table, "copies in the order of the tables")
			}
			last = e
			left := models[e.Table][e.ID]
			require.NotEmpty(t, left, "each once")
			require.Equal(t, left[0], located(t, tables[e.Table], e.Place))
			models[e.Table][e.ID] = left[1:]
		}
		for _, m := range models {
			for id, left := range m {
				require.Empty(t, left, "%s is missing", id)
			}
		}
	})
}

func TestAllStops(t *testing.T) {
	n := 0
	for range All([]*Table{tableOf(t, numbered(1, 500)...)}) {
		if n++; n == 3 {
			break
		}
	}
	require.Equal(t, 3, n)
}

func TestMergeFailsToWrite(t *testing.T) {
	tables := []*Table{tableOf(t, numbered(1, 10)...)}
	require.ErrorIs(t, Merge(full{}, tables, func(string) bool { return true }), errRead)
	require.ErrorIs(t, Build(full{}, numbered(1, 10)), errRead)
}

// full is a disk that is.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errRead }
