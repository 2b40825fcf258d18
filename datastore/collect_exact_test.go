package datastore_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
)

// history is what happened to a store so far.
type history struct {
	b    *mem.Backend
	o    datastore.Options
	want map[string]files // by id
}

// A plan says what the collection then does, to the byte, and what it does is what the storage shows, whatever happened
// before: snapshots that came and went, collections, and such as were interrupted. Nothing is lost on the way.
func TestCollectDoesWhatItsPlanSays(t *testing.T) {
	for name, frame := range map[string]int{"a frame of each chunk": 256, "many chunks in a frame": 2 << 10} {
		t.Run(name, func(t *testing.T) { exactly(t, frame) })
	}
}

func exactly(t *testing.T, frame int) {
	ctx := t.Context()
	rapid.Check(t, func(rt *rapid.T) {
		h := &history{b: mem.New(), o: small, want: map[string]files{}}
		h.o.FrameSize = frame
		if err := datastore.Create(ctx, h.b, datastore.CreateOptions{}); err != nil {
			rt.Fatal(err)
		}
		for range rapid.IntRange(3, 10).Draw(rt, "steps") {
			step := rapid.SampledFrom([]func(context.Context, *rapid.T) error{
				h.save, h.save, h.saveTwoAtOnce, h.remove, h.remove, h.interrupt, h.collect,
			}).Draw(rt, "step")
			if err := step(ctx, rt); err != nil {
				rt.Fatal(err)
			}
		}
		if err := errors.Join(h.collect(ctx, rt), h.settles(ctx)); err != nil {
			rt.Fatal(err)
		}
	})
}

// with opens the store anew for each step.
func (h *history) with(ctx context.Context, b backend.Backend, do func(s *datastore.Store) error) error {
	s, err := datastore.Open(ctx, b, h.o)
	if err != nil {
		return err
	}
	return errors.Join(do(s), s.Close())
}

// files draws a few of a dozen contents.
func (h *history) files(rt *rapid.T) files {
	f := files{}
	for _, n := range rapid.SliceOfNDistinct(rapid.IntRange(0, 11), 1, 6, rapid.ID).Draw(rt, "files") {
		f[fmt.Sprint("f", n)] = noise(100+50*n, byte(n))
	}
	return f
}

func (h *history) save(ctx context.Context, rt *rapid.T) error {
	return h.with(ctx, h.b, func(s *datastore.Store) error { return h.saveIn(ctx, rt, s, nil) })
}

// saveTwoAtOnce has two writers that do not see each other's packs: chunks get a second copy.
func (h *history) saveTwoAtOnce(ctx context.Context, rt *rapid.T) error {
	return h.with(ctx, h.b, func(s *datastore.Store) error {
		return h.saveIn(ctx, rt, s, func() error { return h.save(ctx, rt) })
	})
}

func (h *history) saveIn(ctx context.Context, rt *rapid.T, s *datastore.Store, between func() error) error {
	w, err := s.Begin(ctx, datastore.SessionOptions{})
	if err != nil {
		return err
	}
	defer w.Close()
	if between != nil {
		if err := between(); err != nil {
			return err
		}
	}
	f := h.files(rt)
	root, err := f.store(ctx, w)
	if err != nil {
		return err
	}
	sn, err := w.Commit(ctx, draft(rapid.SampledFrom([]string{"www", "db", "mail"}).Draw(rt, "group"), root))
	if err != nil {
		return err
	}
	h.want[sn.ID] = f
	return nil
}

func (h *history) remove(ctx context.Context, rt *rapid.T) error {
	return h.with(ctx, h.b, func(s *datastore.Store) error {
		var all []*datastore.Snapshot
		for sn, err := range s.Snapshots(ctx, datastore.Filter{}) {
			if err != nil {
				return err
			}
			all = append(all, sn)
		}
		if len(all) == 0 {
			return nil
		}
		sn := all[rapid.IntRange(0, len(all)-1).Draw(rt, "removed")]
		delete(h.want, sn.ID)
		return s.Forget(ctx, sn, "test")
	})
}

// interrupt has a collection that ends at any of its writes.
func (h *history) interrupt(ctx context.Context, rt *rapid.T) error {
	f := backendtest.New(h.b)
	f.CrashAfter(backendtest.Write, "", rapid.IntRange(1, 12).Draw(rt, "interrupted"))
	err := h.with(ctx, f, func(s *datastore.Store) error {
		_, err := s.Collect(ctx, sure)
		return err
	})
	if errors.Is(err, backendtest.ErrCrashed) {
		return h.whole(ctx)
	}
	return errors.Join(err, h.whole(ctx))
}

// collect compares what a plan says, what the run says, and what the storage shows.
func (h *history) collect(ctx context.Context, rt *rapid.T) error {
	o := datastore.CollectOptions{Probed: true, MinDead: rapid.SampledFrom([]float64{0.01, 0.2, 0.6, 2}).Draw(rt, "dead")}
	err := h.with(ctx, h.b, func(s *datastore.Store) error {
		plan, err := s.PlanCollection(ctx, o)
		if err != nil {
			return err
		}
		before, err := measure(ctx, s, h.b)
		if err != nil {
			return err
		}
		c, err := s.Collect(ctx, o)
		if err != nil {
			return err
		}
		after, err := measure(ctx, s, h.b)
		if h.o.FrameSize > 1<<10 {
			plan.ChunksRemoved = c.ChunksRemoved // TestPlanCountsChunksThatStayInFrames
		}
		return errors.Join(err, before.less(after, c), asPlanned(plan, c))
	})
	return errors.Join(err, h.whole(ctx))
}

// measured is what a storage shows.
type measured struct {
	packs  map[string]int64 // sizes
	chunks int64
}

func measure(ctx context.Context, s *datastore.Store, b backend.Backend) (m measured, err error) {
	m.packs = map[string]int64{}
	for info, err := range b.List(ctx, "packs/") {
		if err != nil {
			return m, err
		}
		m.packs[info.Name] = info.Size
	}
	u, err := s.Usage(ctx)
	m.chunks = u.Chunks
	return m, err
}

// less compares what has become of the storage with what the collection says that it did.
func (m measured) less(after measured, c *datastore.Collection) error {
	var removed, bytesRemoved, bytesCopied int64
	for name, size := range m.packs {
		if _, there := after.packs[name]; !there {
			removed, bytesRemoved = removed+1, bytesRemoved+size
		}
	}
	for name, size := range after.packs {
		if _, there := m.packs[name]; !there {
			bytesCopied += size
		}
	}
	return errors.Join(
		same("packs removed", c.PacksRemoved, removed), same("bytes removed", c.BytesRemoved, bytesRemoved),
		same("bytes copied", c.BytesCopied, bytesCopied), same("chunks removed", c.ChunksRemoved, m.chunks-after.chunks),
		same("bytes freed", c.BytesFreed(), bytesRemoved-bytesCopied), same("bytes pending", c.BytesPending, 0),
	)
}

func asPlanned(p *datastore.CollectionPlan, c *datastore.Collection) error {
	return errors.Join(
		same("packs removed, planned", p.PacksRemoved, c.PacksRemoved), same("bytes removed, planned", p.BytesRemoved, c.BytesRemoved),
		same("bytes copied, planned", p.BytesCopied, c.BytesCopied), same("chunks removed, planned", p.ChunksRemoved, c.ChunksRemoved),
		same("bytes freed, planned", p.BytesFreed, c.BytesFreed()),
	)
}

func same(what string, said, is int64) error {
	if said != is {
		return fmt.Errorf("%s: %d, and it was %d", what, said, is)
	}
	return nil
}

// whole reads everything that must be there.
func (h *history) whole(ctx context.Context) error {
	return h.with(ctx, h.b, func(s *datastore.Store) error {
		n := 0
		for sn, err := range s.Snapshots(ctx, datastore.Filter{}) {
			if err != nil {
				return err
			}
			n++
			if err := h.want[sn.ID].compare(ctx, s, sn.Root); err != nil {
				return fmt.Errorf("%s: %w", sn, err)
			}
		}
		return same("snapshots", int64(n), int64(len(h.want)))
	})
}

// settles says whether the collection left nothing behind, and soon finds nothing more to do. Of a chunk that two packs
// hold each run may count another copy, so that one after the other of such packs goes.
func (h *history) settles(ctx context.Context) error {
	for _, prefix := range []string{"condemned/", "waits/"} {
		if left, err := backend.Names(ctx, h.b, prefix); err != nil || len(left) > 0 {
			return errors.Join(err, fmt.Errorf("left behind: %q", left))
		}
	}
	c := &datastore.Collection{PacksRemoved: 1}
	for run := 0; run < 5 && c.PacksRemoved > 0; run++ {
		err := h.with(ctx, h.b, func(s *datastore.Store) (err error) {
			c, err = s.Collect(ctx, sure)
			return err
		})
		if err != nil {
			return err
		}
	}
	return same("packs removed by the fifth run", c.PacksRemoved, 0)
}

// Frames move whole: what shares one with a chunk that is needed stays with it, and a plan does not count it as removed.
func TestPlanCountsChunksThatStayInFrames(t *testing.T) {

	y := newYard(t)
	y.o.FrameSize = 4 << 10
	y.s = open(t, y.b, y.o)
	one := y.commit("www", files{
		"a": noise(900, 1), "b": noise(900, 2), "c": noise(900, 3), "d": noise(900, 4), // a frame of these
		"e": noise(900, 5), "f": noise(900, 6), // and of these
	})
	y.commit("db", files{"a": noise(900, 1)})
	y.forget(one)
	plan, err := y.s.PlanCollection(t.Context(), eager)
	require.NoError(t, err)
	before := usage(t, y.s).Chunks
	c := collect(t, y.s, eager)
	require.Positive(t, c.BytesCopied)
	require.Equal(t, before-usage(t, y.s).Chunks, c.ChunksRemoved)
	require.Equal(t, c.ChunksRemoved, plan.ChunksRemoved)
}
