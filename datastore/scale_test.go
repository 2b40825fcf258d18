package datastore

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

// scan is what a collection has in memory when it knows all that it has to do, and has not yet moved anything.
type scan struct {
	*collector
	plan    *CollectionPlan
	now     listing // a second one, as it is made before packs are deleted
	counted *census
	moving  *moving
}

// scan goes as far with the tables in dir, and tells after each stage. Marks are set in the order of packs, in which
// trees name chunks; in the order of IDs, which is that of tables, they are all over the place.
func (c *crowd) scan(t testing.TB, dir string, done func(stage string)) *scan {
	s := &scan{collector: newCollector(c.open(t, dir), CollectOptions{Probed: true})}
	require.NoError(t, s.look(t.Context()))
	done("look")
	needed := c.mark(t, s.collector)
	done("mark")
	var err error
	s.plan, err = s.collector.plan(nil)
	require.NoError(t, err)
	require.EqualValues(t, needed, s.plan.ChunksNeeded)
	require.Len(t, s.plan.Packs, c.packs(), "all packs are worth to go")
	done("plan")
	s.now, err = s.store.relist(t.Context())
	require.NoError(t, err)
	done("look again")
	s.counted = s.census(s.leaving(s.plan.packs()), nil)
	require.NoError(t, s.counted.take())
	dropped, err := s.counted.dropped()
	require.NoError(t, err)
	require.Positive(t, dropped)
	require.LessOrEqual(t, dropped, int64(c.chunks-needed), "some move along in frames that are needed")
	done("census")
	s.moving, err = s.moves(s.counted)
	require.NoError(t, err)
	require.Len(t, s.moving.names, c.packs())
	done("moves")
	return s
}

// mark marks the needed chunks and returns their number.
func (c *crowd) mark(t testing.TB, k *collector) (needed int) {
	k.marks = newMarks(k.store, k.survey.tables)
	for n := range c.chunks {
		if !c.needed(n) {
			continue
		}
		id := c.id(n)
		if fresh, err := k.marks.need(&id); err != nil || !fresh {
			t.Fatal(n, fresh, err)
		}
		needed++
	}
	require.Empty(t, k.marks.strays)
	return needed
}

// TestCollectionMemory holds what a collection keeps in memory to a few bits for each chunk, ten of which are a filter
// that large tables do without, and a bounded number of bytes for each pack.
func TestCollectionMemory(t *testing.T) {
	large := &crowd{chunks: 1 << 20, perPack: 4096, perFrame: 64, tables: 1}
	small := &crowd{chunks: 1 << 18, perPack: 8, perFrame: 2, tables: 1}
	a, b := large.live(t), small.live(t) // bytes = chunks × perChunk + packs × perPack
	perPack := (b - a/4) / float64(small.packs()-large.packs()/4)
	perChunk := (a - perPack*float64(large.packs())) / float64(large.chunks)
	t.Logf("%.2f bytes a chunk, %.0f bytes a pack", perChunk, perPack)
	require.Less(t, perChunk, 1.75)
	require.Less(t, perPack, 1200.)
}

// live returns by how much the heap has grown at the end of a scan.
func (c *crowd) live(t *testing.T) float64 {
	dir := t.TempDir()
	c.index(t, dir)
	before := heap()
	s := c.scan(t, dir, func(string) {})
	after := heap()
	runtime.KeepAlive(s)
	return float64(after) - float64(before)
}

// heap returns the bytes in use when there is no garbage.
func heap() uint64 {
	runtime.GC()
	runtime.GC() // what the first has taken out of pools
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// looked returns a collector of a million chunks that has looked, and marks nothing yet.
func looked(b *testing.B) (*crowd, *collector) {
	c := &crowd{chunks: 1 << 20, perPack: 4096, perFrame: 64, tables: 1}
	dir := b.TempDir()
	c.index(b, dir)
	k := newCollector(c.open(b, dir), CollectOptions{Probed: true})
	require.NoError(b, k.look(b.Context()))
	k.marks = newMarks(k.store, k.survey.tables)
	return c, k
}

func BenchmarkMark(b *testing.B) {
	c, k := looked(b)
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		id := c.id(n % c.chunks)
		if _, err := k.marks.need(&id); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCensus(b *testing.B) {
	c, k := looked(b)
	c.mark(b, k)
	b.ReportAllocs()
	for b.Loop() {
		require.NoError(b, k.census(k.leaving(nil), nil).take())
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*c.chunks), "ns/chunk")
}
