package packer

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
)

// equalContents compares without printing packs.
func equalContents(t require.TestingT, want, got map[chunk.ID]string) {
	require.Equal(t, len(want), len(got))
	require.True(t, maps.Equal(want, got), "chunks come back as they were added")
}

// TestRoundTrip packs chunks and nodes of all sizes and decodes the packs.
func TestRoundTrip(t *testing.T) {
	for _, sealed := range []bool{false, true} {
		t.Run(fmt.Sprintf("sealed %t", sealed), func(t *testing.T) {
			r := start(t, sealed, nil)
			var items []Item
			for i, size := range []int{
				0, 1, 100, r.o.SoloSize - 1, r.o.SoloSize, r.o.SoloSize + 1, r.o.FrameSize,
				r.o.PackSize / 2, r.o.PackSize, r.o.PackSize + 1, 1 << 20, 1<<20 + 1, 2 << 20,
			} {
				items = append(items, item(2*i, size), item(2*i+1, size))
			}
			var trees []Item
			for i := range 300 {
				trees = append(trees, node(1000+i, 2+32*(i%50), 10*i))
			}
			trees = append(trees, node(2000, 2, 1<<20), node(2001, 1<<20, 3), node(2002, 1<<20, 1<<20))
			for i := range items {
				require.NoError(t, r.Add(pack.Content, items[i]))
			}
			require.NoError(t, r.Add(pack.Tree, trees...))
			require.NoError(t, r.Flush())
			equalContents(t, expect(append(items, trees...)...), r.contents(t))
			for _, p := range r.storage.done {
				if p.Kind == pack.Content {
					require.Zero(t, p.Frames[0].Refs)
				}
			}
		})
	}
}

func TestRoundTripOfAnything(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := start(t, rapid.Bool().Draw(rt, "sealed"), func(o *Options) {
			o.Workers, o.Uploads = rapid.IntRange(1, 4).Draw(rt, "workers"), rapid.IntRange(1, 3).Draw(rt, "uploads")
			o.PackSize = rapid.IntRange(1, 100_000).Draw(rt, "pack size")
		})
		var all []Item
		for i := range rapid.IntRange(0, 60).Draw(rt, "items") {
			it, kind := item(i, rapid.IntRange(0, 20_000).Draw(rt, "size")), pack.Content
			if rapid.Bool().Draw(rt, "tree") {
				it, kind = node(i, rapid.IntRange(2, 20_000).Draw(rt, "refs"), len(it.Data)), pack.Tree
			}
			all = append(all, it)
			require.NoError(rt, r.Add(kind, it))
			if rapid.IntRange(0, 9).Draw(rt, "flush") == 0 {
				require.NoError(rt, r.Flush())
				equalContents(rt, expect(all...), r.contents(t))
			}
		}
		require.NoError(rt, r.Flush())
		equalContents(rt, expect(all...), r.contents(t))
		r.Close()
	})
}

// TestManyTinyChunks fills frames and packs to their bounds of chunks.
func TestManyTinyChunks(t *testing.T) {
	const count = 200_000
	r := start(t, false, func(o *Options) { o.FrameSize, o.PackSize = 1<<20, 16<<20 })
	want := make(map[chunk.ID]string, count)
	batch := make([]Item, 0, 1000)
	for i := range count {
		it := Item{ID: item(i, 8).ID, Data: fmt.Append(nil, i)}
		want[it.ID] = string(it.Data)
		if batch = append(batch, it); len(batch) == cap(batch) {
			require.NoError(t, r.Add(pack.Content, batch...))
			batch = batch[:0]
		}
	}
	require.NoError(t, r.Flush())
	equalContents(t, want, r.contents(t))
	require.Len(t, r.storage.packs, (count+maxPackChunks-1)/maxPackChunks)
	for _, p := range r.storage.done {
		chunks := 0
		for _, f := range p.Frames {
			require.LessOrEqual(t, len(f.Chunks), maxBatchChunks)
			chunks += len(f.Chunks)
		}
		require.LessOrEqual(t, chunks, maxPackChunks)
	}
}

// TestRefsCountForThePack has nodes whose refs are much larger than what is stored of their bodies.
func TestRefsCountForThePack(t *testing.T) {
	r := start(t, false, nil)
	for i := range 200 {
		require.NoError(t, r.Add(pack.Tree, node(2*i, 10_000, 100)))
	}
	require.NoError(t, r.Flush())
	for name, data := range r.storage.packs {
		require.LessOrEqual(t, len(data), r.o.PackSize+10_000, name)
	}
}

func TestManyGoroutines(t *testing.T) {
	for _, sealed := range []bool{false, true} {
		t.Run(fmt.Sprintf("sealed %t", sealed), func(t *testing.T) {
			r := start(t, sealed, func(o *Options) { o.Workers = 4 })
			var mu sync.Mutex
			var all []Item
			var group sync.WaitGroup
			for g := range 8 {
				group.Go(func() {
					for i := range 100 {
						it, kind := item(g*100+i, 50*i), pack.Content
						if i%3 == 0 {
							it, kind = node(g*100+i, 64, 20*i), pack.Tree
						}
						mu.Lock()
						all = append(all, it)
						mu.Unlock()
						require.NoError(t, r.Add(kind, it))
						if i%40 == 0 {
							require.NoError(t, r.Flush())
						}
					}
				})
			}
			group.Wait()
			require.NoError(t, r.Flush())
			equalContents(t, expect(all...), r.contents(t))
		})
	}
}

// TestAddCopies changes an item's bytes as soon as Add returns.
func TestAddCopies(t *testing.T) {
	r := start(t, true, nil)
	var want []Item
	shared := Item{Data: make([]byte, 5000), Refs: make([]byte, 66)}
	for i := range 100 {
		it := node(i, 66, 5000)
		want = append(want, it)
		shared.ID = it.ID
		copy(shared.Data, it.Data)
		copy(shared.Refs, it.Refs)
		require.NoError(t, r.Add(pack.Tree, shared))
		clear(shared.Data)
		clear(shared.Refs)
	}
	require.NoError(t, r.Flush())
	equalContents(t, expect(want...), r.contents(t))
}

func TestFlushOfNothing(t *testing.T) {
	r := start(t, false, nil)
	require.NoError(t, r.Flush())
	require.NoError(t, r.Add(pack.Content))
	require.NoError(t, r.Flush())
	require.Empty(t, r.storage.names)
}

// TestNoNonceTwice collects all nonces under all pack keys.
func TestNoNonceTwice(t *testing.T) {
	r := start(t, true, nil)
	for i := range 100 {
		require.NoError(t, r.Add(pack.Content, item(i, 10_000)))
	}
	require.NoError(t, r.Flush())
	require.Greater(t, len(r.storage.done), 2)
	used := map[string]bool{}
	for _, p := range r.storage.done {
		key, err := r.secrets.PackKey(p.Slots[0])
		require.NoError(t, err)
		for _, f := range p.Frames {
			use := fmt.Sprintf("%x %d", key[:], f.Nonce)
			require.False(t, used[use])
			used[use] = true
		}
	}
}

func TestItemsTooLarge(t *testing.T) {
	r := start(t, false, nil)
	require.ErrorContains(t, r.Add(pack.Content, Item{Data: make([]byte, pack.MaxPlain+1)}), "more than a frame holds")
	require.ErrorContains(t, r.Add(pack.Tree, Item{Refs: make([]byte, pack.MaxRefs+1)}), "more than a frame holds")
	largest := Item{ID: item(1, 0).ID, Refs: make([]byte, pack.MaxRefs), Data: slices.Repeat([]byte{1, 2}, pack.MaxPlain/2)}
	require.NoError(t, r.Add(pack.Tree, largest))
	require.NoError(t, r.Flush())
	equalContents(t, expect(largest), r.contents(t))
}
