package datastore_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
)

// What takes too many turns to be found by exploring is directed here: each program is held at the operation where the
// next one takes over.

// player is a program under way that can be held.
type player struct {
	*backendtest.Faulty
	ended chan error
}

// enter lets a program begin, after hold has said where it is to be held.
func enter(t *testing.T, s *stage, program func(context.Context, backend.Backend) error, hold func(f *backendtest.Faulty)) *player {
	p := &player{backendtest.New(s.storage), make(chan error, 1)}
	hold(p.Faulty)
	go func() { p.ended <- program(t.Context(), p.Faulty) }()
	return p
}

// exit waits for the end of a program.
func (p *player) exit() error { return <-p.ended }

// gcOf collects by a plan that names the given packs only.
func gcOf(packs ...string) func(context.Context, backend.Backend) error {
	return func(ctx context.Context, b backend.Backend) error {
		return with(ctx, b, func(s *datastore.Store) error {
			plan, err := s.PlanCollection(ctx, datastore.CollectOptions{})
			if err != nil {
				return err
			}
			plan.Packs = nil
			for _, name := range packs {
				plan.Packs = append(plan.Packs, datastore.CondemnedPack{Pack: name})
			}
			_, err = s.Collect(ctx, datastore.CollectOptions{Probed: true, FenceAll: true, Plan: plan})
			return err
		})
	}
}

// packsSince returns the ids of the packs that are not among those before: the content pack first, the tree pack last.
func (s *stage) packsSince(t *testing.T, before []string) []string {
	w := &world{t: t, inside: s.storage, old: before}
	return w.own()
}

func (s *stage) packs(t *testing.T) []string { return s.packsSince(t, nil) }

// judge is the oracle of the model, at the end of a directed play.
func (s *stage) judge(t *testing.T, outcomes map[string]error, parts ...func(p *play)) {
	t.Helper()
	require.NoError(t, s.play(parts...).check(s.storage, outcomes))
}

// treePack returns which of the packs holds trees.
func (s *stage) treePack(t *testing.T, packs []string) (trees, content string) {
	st := open(t, s.storage, small)
	for _, id := range packs {
		r, err := st.CheckPack(t.Context(), id)
		require.NoError(t, err)
		if r.Trees {
			trees = id
		} else {
			content = id
		}
	}
	return trees, content
}

// TestStandsOnPacks: while a manifest is not promised a collector may be unable to look below one of its nodes. Then that
// all of its chunks are to be found somewhere is not enough.
func TestStandsOnPacks(t *testing.T) {
	s := newStage(t, has("keep", beta))
	before := s.packs(t)
	require.NoError(t, lost("old", alpha)(t.Context(), s))
	trees, _ := s.treePack(t, s.packsSince(t, before))

	var manifest, listing *backendtest.Gate
	writer := enter(t, s, save("new", alpha), func(f *backendtest.Faulty) {
		manifest = f.Hold(backend.KindPut, "snapshots/", 1)
		listing = f.Hold(backend.KindList, "packs/", 2)
	})
	require.NoError(t, manifest.Reached(t.Context()))
	require.NoError(t, gcOf(trees)(t.Context(), s.storage)) // the writer relies on it
	manifest.Release()
	require.NoError(t, listing.Reached(t.Context())) // it has read the condemned records, and there are none

	var node, otherManifest *backendtest.Gate
	other := enter(t, s, save("other", alpha), func(f *backendtest.Faulty) {
		node = f.Hold(backend.KindPut, "packs/", 1)
		otherManifest = f.Hold(backend.KindPut, "snapshots/", 1)
	})
	require.NoError(t, node.Reached(t.Context())) // it relies on the content, and stores the nodes again

	var deletion *backendtest.Gate
	collector := enter(t, s, gc(true), func(f *backendtest.Faulty) { deletion = f.Hold(backend.KindDelete, "packs/", 1) })
	require.NoError(t, deletion.Reached(t.Context())) // it saw the manifest, and could not look below its root
	node.Release()
	require.NoError(t, otherManifest.Reached(t.Context()))
	listing.Release()
	wrote := writer.exit()
	deletion.Release()
	collected := collector.exit()
	otherManifest.Release()
	s.want["new"], s.want["other"] = alpha, alpha
	s.judge(t, map[string]error{"writer": wrote, "gc": collected, "other": other.exit()},
		runs("writer", "new", nil), runs("other", "other", nil))
}

// TestNothingIsSpared: a collector that finds a condemned pack needed again copies what is needed. If it took the pack off
// its record instead, writers would rely on it, and another collector, which saw the pack when nobody needed it, would
// delete it.
func TestNothingIsSpared(t *testing.T) {
	s := newStage(t, has("keep", beta), lost("old", alpha))
	var manifest *backendtest.Gate
	writer := enter(t, s, save("new", both), func(f *backendtest.Faulty) { manifest = f.Hold(backend.KindPut, "snapshots/", 1) })
	require.NoError(t, manifest.Reached(t.Context()))
	var deletion *backendtest.Gate
	first := enter(t, s, gc(true), func(f *backendtest.Faulty) { deletion = f.Hold(backend.KindDelete, "packs/", backendtest.Every) })
	require.NoError(t, deletion.Reached(t.Context())) // it has seen that nobody needs them

	var validation *backendtest.Gate
	writer.Faulty.Before(nil)
	validation = writer.Hold(backend.KindList, "condemned/", 1)
	manifest.Release()
	require.NoError(t, validation.Reached(t.Context())) // the manifest is there, and not yet looked after
	require.NoError(t, gc(true)(t.Context(), s.storage))
	validation.Release()
	wrote := writer.exit()
	deletion.Release()
	s.want["new"] = both
	s.judge(t, map[string]error{"writer": wrote, "first": first.exit()}, runs("writer", "new", nil))
}

// TestRecordsAreNamedOnce: a collector that comes late to delete its record must not delete another one.
func TestRecordsAreNamedOnce(t *testing.T) {
	s := newStage(t, has("keep", beta), lost("one", alpha))
	before := s.packs(t)
	require.NoError(t, lost("two", gamma)(t.Context(), s))
	second := s.packsSince(t, before)

	var record *backendtest.Gate
	late := enter(t, s, gcOf(without(before, s.keeps(t))...), func(f *backendtest.Faulty) {
		record = f.Hold(backend.KindDelete, "condemned/", 1)
	})
	require.NoError(t, record.Reached(t.Context()))    // its packs are gone
	require.NoError(t, gcOf()(t.Context(), s.storage)) // somebody else removes the record
	var deletion *backendtest.Gate
	third := enter(t, s, gcOf(second...), func(f *backendtest.Faulty) { deletion = f.Hold(backend.KindDelete, "packs/", backendtest.Every) })
	require.NoError(t, deletion.Reached(t.Context()))
	record.Release()
	ended := late.exit()
	wrote := save("new", gamma)(t.Context(), s.storage)
	deletion.Release()
	s.want["new"] = gamma
	s.judge(t, map[string]error{"writer": wrote, "late": ended, "third": third.exit()}, runs("writer", "new", nil))
}

// TestRecordsAreReadFirst: between the two listings of a validation a pack can be deleted, and its record with it.
func TestRecordsAreReadFirst(t *testing.T) {
	s := newStage(t, has("keep", beta), lost("old", alpha))
	var manifest, deletion *backendtest.Gate
	writer := enter(t, s, save("new", both), func(f *backendtest.Faulty) { manifest = f.Hold(backend.KindPut, "snapshots/", 1) })
	require.NoError(t, manifest.Reached(t.Context()))
	collector := enter(t, s, gc(true), func(f *backendtest.Faulty) {
		deletion = f.Hold(backend.KindDelete, "packs/", backendtest.Every)
	})
	require.NoError(t, deletion.Reached(t.Context())) // nobody needed what it deletes
	var between sync.Once
	listings := 0
	writer.Before(func(c backendtest.Call) {
		if c.Kind != backend.KindList || c.Name != "packs/" && c.Name != "condemned/" {
			return
		}
		if listings++; listings == 2 {
			between.Do(func() { deletion.Release(); collector.ended <- collector.exit() })
		}
	})
	manifest.Release()
	s.want["new"] = both
	wrote := writer.exit()
	s.judge(t, map[string]error{"writer": wrote, "gc": collector.exit()}, runs("writer", "new", nil))
}

// TestWhatIsTakenOverIsLookedUp: that the nodes of a parent are there says nothing of the contents.
func TestWhatIsTakenOverIsLookedUp(t *testing.T) {
	s := newStage(t, has("keep", beta))
	before := s.packs(t)
	require.NoError(t, has("old", alpha)(t.Context(), s))
	_, content := s.treePack(t, s.packsSince(t, before))
	var session, deletion *backendtest.Gate
	writer := enter(t, s, inherit("new", "old"), func(f *backendtest.Faulty) { session = f.Hold(backend.KindPut, "sessions/", 1) })
	require.NoError(t, session.Reached(t.Context())) // it has found its parent
	s.condemn(t, content)
	require.NoError(t, prune("old")(t.Context(), s.storage))
	collector := enter(t, s, gcOf(), func(f *backendtest.Faulty) { deletion = f.Hold(backend.KindDelete, "packs/", 1) })
	require.NoError(t, deletion.Reached(t.Context()))
	session.Release()
	wrote := writer.exit()
	deletion.Release()
	delete(s.want, "old")
	s.want["new"] = alpha
	s.judge(t, map[string]error{"writer": wrote, "gc": collector.exit()}, runs("writer", "new", nil))
}

// condemn puts a record by a plan that was wrong.
func (s *stage) condemn(t *testing.T, packs ...string) {
	(&world{t: t, inside: s.storage}).condemn(packs...)
}

// TestMissingWaits: a record that does not say yet whom it waits for waits for whoever is there.
func TestMissingWaits(t *testing.T) {
	s := newStage(t, has("keep", beta), lost("old", alpha))
	var manifest *backendtest.Gate
	writer := enter(t, s, save("new", both), func(f *backendtest.Faulty) { manifest = f.Hold(backend.KindPut, "snapshots/", 1) })
	require.NoError(t, manifest.Reached(t.Context()))
	died := enter(t, s, gc(false), afterRecord)
	require.ErrorIs(t, died.exit(), backendtest.ErrCrashed)
	require.NoError(t, gc(false)(t.Context(), s.storage))
	manifest.Release()
	s.want["new"] = both
	s.judge(t, map[string]error{"writer": writer.exit()}, runs("writer", "new", nil), politely())
}

// TestOwnCopyThatIsCondemned: what a collection has copied another one may have condemned since, because it counted the
// other copy. Then it is no copy any more.
func TestOwnCopyThatIsCondemned(t *testing.T) {
	s := newStage(t, has("keep", both), half("keep", alpha))
	before := s.packs(t)
	var record, deletion *backendtest.Gate
	first := enter(t, s, gc(true), func(f *backendtest.Faulty) { record = f.Hold(backend.KindPut, "condemned/", 1) })
	require.NoError(t, record.Reached(t.Context()))
	copies := s.packsSince(t, before)
	require.NotEmpty(t, copies)
	second := enter(t, s, gcOf(copies...), func(f *backendtest.Faulty) { deletion = f.Hold(backend.KindDelete, "packs/", backendtest.Every) })
	require.NoError(t, deletion.Reached(t.Context()))
	record.Release()
	collected := first.exit()
	deletion.Release()
	s.judge(t, map[string]error{"first": collected, "second": second.exit()})
}

// TestPackUnknownToTheMarks: what a condemned pack holds was not known when the marks were begun, and is by the time it
// would be deleted.
func TestPackUnknownToTheMarks(t *testing.T) {
	for _, trees := range []bool{false, true} {
		s := newStage(t, has("keep", beta))
		before := s.packs(t)
		require.NoError(t, has("new", alpha)(t.Context(), s))
		node, content := s.treePack(t, s.packsSince(t, before))
		pack := content
		if trees {
			pack = node
		}
		for _, name := range (&world{t: t, inside: s.storage}).segments() {
			require.NoError(t, s.storage.Delete(t.Context(), name))
		}
		s.condemn(t, pack)
		collected := failing(gc(true), func(f *backendtest.Faulty) {
			f.Corrupt("packs/"+pack[:2]+"/"+pack, 1, s.size(t, pack)-1) // its end is misread, once
		})(t.Context(), s.storage)
		s.judge(t, map[string]error{"gc": collected})
	}
}

// size returns that of a pack.
func (s *stage) size(t *testing.T, pack string) int64 {
	for info, err := range s.storage.List(t.Context(), "packs/"+pack[:2]+"/") {
		require.NoError(t, err)
		if strings.HasSuffix(info.Name, pack) {
			return info.Size
		}
	}
	return 0
}

// segments returns the names of all index segments.
func (w *world) segments() []string { return names(w.t, w.inside, "index/") }

// keeps returns the packs that the snapshots need.
func (s *stage) keeps(t *testing.T) (needed []string) {
	plan, err := open(t, s.storage, small).PlanCollection(t.Context(), datastore.CollectOptions{MinDead: 2})
	require.NoError(t, err)
	dead := map[string]bool{}
	for _, p := range plan.Packs {
		dead[p.Pack] = true
	}
	for _, id := range s.packs(t) {
		if !dead[id] {
			needed = append(needed, id)
		}
	}
	return needed
}

func without(list, those []string) (rest []string) {
	drop := map[string]bool{}
	for _, id := range those {
		drop[id] = true
	}
	for _, id := range list {
		if !drop[id] {
			rest = append(rest, id)
		}
	}
	return rest
}

// failing runs a program on storage with faults; that the program fails is not the point.
func failing(program func(context.Context, backend.Backend) error, script func(f *backendtest.Faulty)) func(context.Context, backend.Backend) error {
	return func(ctx context.Context, b backend.Backend) error {
		f := backendtest.New(b)
		script(f)
		if err := program(ctx, f); err != nil {
			return errors.Join(errGone, err)
		}
		return nil
	}
}

// TestCollectorsListing: a collector that did not see all snapshots must not take their chunks for needless.
func TestCollectorsListing(t *testing.T) {
	disk := errors.New("disk failure")
	for name, script := range map[string]func(f *backendtest.Faulty){
		"fails at once":     func(f *backendtest.Faulty) { f.Cut("snapshots/", backendtest.Every, 0, disk) },
		"fails half way":    func(f *backendtest.Faulty) { f.Cut("snapshots/", backendtest.Every, 2, disk) },
		"ends at once":      func(f *backendtest.Faulty) { f.Cut("snapshots/", backendtest.Every, 0, nil) },
		"ends half way":     func(f *backendtest.Faulty) { f.Cut("snapshots/", backendtest.Every, 2, nil) },
		"second ends":       func(f *backendtest.Faulty) { f.Cut("snapshots/", 2, 1, nil) },
		"packs end at once": func(f *backendtest.Faulty) { f.Cut("packs/", 2, 0, nil) },
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, has("keep", beta), has("also", gamma), lost("old", alpha))
			err := failing(gc(true), script)(t.Context(), s.storage)
			s.judge(t, map[string]error{"gc": err})
		})
	}
}
