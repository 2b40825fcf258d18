package datastore_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
	"github.com/heirloom-backup/heirloom/datastore/internal/document"
	"github.com/heirloom-backup/heirloom/datastore/internal/interleave"
	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// The programs of the model are the real ones: each opens the store for itself, as a process of its own would, and the
// explorer decides whose storage operation is next. docs/collection.md says what must come of it.

// stage is a storage as it is when the programs begin, and what its snapshots hold.
type stage struct {
	storage *mem.Backend
	want    map[string]files // by the name of a group
}

// small keeps sessions from clearing megabytes for a few chunks, and makes a frame of each file.
var small = datastore.Options{PackSize: 8 << 10, FrameSize: 1 << 10, Concurrency: 1}

// newStage makes a store and lets the steps happen to it, one after the other.
func newStage(t testing.TB, steps ...func(ctx context.Context, s *stage) error) *stage {
	t.Helper()
	s := &stage{storage: mem.New(), want: map[string]files{}}
	ctx := t.Context()
	err := datastore.Create(ctx, s.storage, datastore.CreateOptions{})
	for _, step := range steps {
		err = errors.Join(err, step(ctx, s))
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// has saves a snapshot.
func has(name string, f files) func(context.Context, *stage) error {
	return func(ctx context.Context, s *stage) error {
		s.want[name] = f
		return save(name, f)(ctx, s.storage)
	}
}

// lost has a snapshot that was removed: nothing needs its chunks any more.
func lost(name string, f files) func(context.Context, *stage) error {
	return func(ctx context.Context, s *stage) error {
		return errors.Join(save(name, f)(ctx, s.storage), prune(name)(ctx, s.storage))
	}
}

// half has a second snapshot in which everything is but what half names; and removes it, so that packs are half needed.
func half(name string, f files) func(context.Context, *stage) error {
	return func(ctx context.Context, s *stage) error {
		err := errors.Join(save("rest", f)(ctx, s.storage), prune(name)(ctx, s.storage))
		delete(s.want, name)
		s.want["rest"] = f
		return err
	}
}

// collected has a collection that was begun and ended as script says.
func collected(script func(f *backendtest.Faulty)) func(context.Context, *stage) error {
	return func(ctx context.Context, s *stage) error {
		f := backendtest.New(s.storage)
		script(f)
		if err := gc(true)(ctx, f); !errors.Is(err, backendtest.ErrCrashed) {
			return fmt.Errorf("the collection did not end as it should: %w", err)
		}
		return nil
	}
}

// with opens a store for the time of one program.
func with(ctx context.Context, b backend.Backend, do func(s *datastore.Store) error) error {
	s, err := datastore.Open(ctx, b, small)
	if err != nil {
		return err
	}
	return errors.Join(do(s), s.Close())
}

// save is a backup. It reads its source anew when it is told to, as package backup does.
func save(name string, f files) func(context.Context, backend.Backend) error {
	return func(ctx context.Context, b backend.Backend) error {
		return with(ctx, b, func(s *datastore.Store) error { return saveOnce(ctx, s, name, f) })
	}
}

func saveOnce(ctx context.Context, s *datastore.Store, name string, f files) error {
	w, err := s.Begin(ctx, datastore.SessionOptions{})
	if err != nil {
		return err
	}
	root, err := f.store(ctx, w)
	if err == nil {
		_, err = w.Commit(ctx, draft(name, root))
	}
	return errors.Join(err, w.Close())
}

// store puts files as one folder.
func (f files) store(ctx context.Context, w *datastore.Session) (root chunk.ID, err error) {
	b := tree.NewDirBuilder(w.PutNode)
	for _, name := range f.names() {
		ids := make([]chunk.ID, 1)
		if err := w.Put(ctx, [][]byte{f[name]}, ids); err != nil {
			return root, err
		}
		e := tree.Entry{Name: name, Type: tree.File, Size: int64(len(f[name]))}
		fb := tree.NewFileBuilder(w.PutNode)
		if err := fb.Add(ctx, tree.Extent{ID: ids[0], Length: e.Size}); err != nil {
			return root, err
		}
		if err := errors.Join(fb.Finish(ctx, &e), b.Add(ctx, &e)); err != nil {
			return root, err
		}
	}
	dir, err := b.Finish(ctx)
	if err != nil {
		return root, err
	}
	return tree.PutRoot(ctx, w.PutNode, &tree.Entry{Name: "data", Type: tree.Dir, Tree: dir})
}

// inherit is a backup that takes over a snapshot unread, as an incremental one does where nothing changed.
func inherit(name, from string) func(context.Context, backend.Backend) error {
	return func(ctx context.Context, b backend.Backend) error {
		return with(ctx, b, func(s *datastore.Store) error {
			parent, err := s.Find(ctx, datastore.Address{Group: group(from)})
			if errors.Is(err, datastore.ErrNoSnapshot) {
				return errGone
			}
			if err != nil {
				return err
			}
			w, err := s.Begin(ctx, datastore.SessionOptions{})
			if err != nil {
				return err
			}
			whole, err := w.RelyTree(ctx, parent.Root)
			if err == nil && !whole {
				err = datastore.ErrCannotStoreAgain
			}
			if err == nil {
				_, err = w.Commit(ctx, draft(name, parent.Root))
			}
			return errors.Join(err, w.Close())
		})
	}
}

// errGone says that a program came too late for what it was to act on.
var errGone = errors.New("somebody was quicker")

// prune removes a group's snapshots.
func prune(name string) func(context.Context, backend.Backend) error {
	return func(ctx context.Context, b backend.Backend) error {
		return with(ctx, b, func(s *datastore.Store) error {
			for sn, err := range s.Snapshots(ctx, datastore.Filter{Name: name}) {
				if err != nil {
					return err
				}
				if err := s.Forget(ctx, sn, "model"); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

// undelete brings a group's removed snapshot back.
func undelete(name string) func(context.Context, backend.Backend) error {
	return func(ctx context.Context, b backend.Backend) error {
		return with(ctx, b, func(s *datastore.Store) error {
			gone, err := s.FindPruned(ctx, datastore.Address{Group: group(name)})
			if err == nil {
				_, err = s.Undelete(ctx, gone)
			}
			if errors.Is(err, datastore.ErrNoSnapshot) || errors.Is(err, datastore.ErrTooLate) {
				return errGone
			}
			return err
		})
	}
}

// gc is a collection. One that fences takes every session it sees for dead: the proof needs none.
func gc(fence bool) func(context.Context, backend.Backend) error {
	return func(ctx context.Context, b backend.Backend) error {
		return with(ctx, b, func(s *datastore.Store) error {
			_, err := s.Collect(ctx, datastore.CollectOptions{Probed: true, FenceAll: fence})
			return err
		})
	}
}

// look reads a group's snapshot, every byte, unless it is removed meanwhile.
func look(name string, want files) func(context.Context, backend.Backend) error {
	return func(ctx context.Context, b backend.Backend) error {
		return with(ctx, b, func(s *datastore.Store) error {
			sn, err := s.Find(ctx, datastore.Address{Group: group(name)})
			if errors.Is(err, datastore.ErrNoSnapshot) {
				return errGone
			}
			if err != nil {
				return err
			}
			damage := want.compare(ctx, s, sn.Root)
			if _, err := s.Find(ctx, sn.Address()); errors.Is(err, datastore.ErrNoSnapshot) {
				return errGone
			}
			return damage
		})
	}
}

// compare reads a snapshot and compares every byte.
func (f files) compare(ctx context.Context, s *datastore.Store, root chunk.ID) error {
	e, err := tree.Root(ctx, s.Node, root)
	if err != nil {
		return err
	}
	var names []string
	for e, err := range tree.Entries(ctx, s.Node, e.Tree) {
		if err != nil {
			return err
		}
		names = append(names, e.Name)
		var data []byte
		for x, err := range tree.Extents(ctx, s.Node, &e, 0) {
			if err != nil {
				return err
			}
			err = s.Fetch(ctx, []chunk.ID{x.ID}, func(_ int, piece []byte, err error) error {
				data = append(data, piece...)
				return err
			})
			if err != nil {
				return err
			}
		}
		if string(data) != string(f[e.Name]) {
			return fmt.Errorf("content of %s is not what was saved", e.Name)
		}
	}
	if slices.Sort(names); !slices.Equal(names, f.names()) {
		return fmt.Errorf("files are %q and were %q", names, f.names())
	}
	return nil
}

// play is a scene of a stage: programs, by name, and which groups they save or may remove.
type play struct {
	*stage
	actors  []interleave.Actor
	saves   map[string]string // actor → group: when the actor says ok the group must be there
	removes map[string]bool   // groups that may be gone at the end
	polite  bool              // nobody fences: a writer that lives must never have to read its source again
}

// play makes a play of the stage.
func (s *stage) play(parts ...func(p *play)) *play {
	p := &play{stage: s, saves: map[string]string{}, removes: map[string]bool{}}
	for _, part := range parts {
		part(p)
	}
	return p
}

// acts has a program.
func acts(name string, run func(context.Context, backend.Backend) error) func(p *play) {
	return func(p *play) { p.actors = append(p.actors, interleave.Actor{Name: name, Run: run}) }
}

// runs has a program that saves a group's snapshot.
func runs(name, group string, run func(context.Context, backend.Backend) error) func(p *play) {
	return func(p *play) {
		p.saves[name] = group
		acts(name, run)(p)
	}
}

// saves has a backup of files.
func saves(name, group string, f files) func(p *play) {
	return func(p *play) {
		p.want[group] = f
		runs(name, group, save(group, f))(p)
	}
}

// may says that a group's snapshot may be gone at the end.
func may(group string) func(p *play) { return func(p *play) { p.removes[group] = true } }

// politely says that nobody fences.
func politely() func(p *play) { return func(p *play) { p.polite = true } }

// scene makes the play ready for one schedule.
func (p *play) scene(*testing.T) interleave.Scene {
	storage := p.storage.Clone()
	w := &watch{storage: storage, gone: map[string]bool{}, records: map[string][]string{}}
	return interleave.Scene{
		Storage: storage, Actors: p.actors, Step: w.step,
		Unscheduled: func(op interleave.Operation) bool {
			return op.Name == "heirloom.json" || op.Name == "config/"
		},
		Check: func(outcomes map[string]error) error { return p.check(storage, outcomes) },
	}
}

// check is the oracle: what was promised is there, bit for bit, before and after everything that may be collected is.
func (p *play) check(storage *mem.Backend, outcomes map[string]error) error {
	must := map[string]bool{}
	for name := range p.want {
		must[name] = !p.removes[name] && p.saved(name) == ""
	}
	for name, err := range outcomes {
		group := p.saves[name]
		switch {
		case err == nil && group != "":
			must[group] = !p.removes[group]
		case err == nil, errors.Is(err, interleave.ErrCrashed), errors.Is(err, errGone):
		case errors.Is(err, datastore.ErrCannotStoreAgain) && !p.polite:
		default:
			return fmt.Errorf("%s failed: %w", name, err)
		}
	}
	ctx := context.Background()
	if err := p.readAll(ctx, storage, must); err != nil {
		return err
	}
	if err := p.settle(ctx, storage); err != nil {
		return err
	}
	return p.readAll(ctx, storage, must)
}

// saved returns the actor that saves a group.
func (p *play) saved(group string) string {
	for actor, g := range p.saves {
		if g == group {
			return actor
		}
	}
	return ""
}

// readAll opens the store anew and reads each promised snapshot.
func (p *play) readAll(ctx context.Context, storage *mem.Backend, must map[string]bool) error {
	return with(ctx, storage, func(s *datastore.Store) error {
		there := map[string]bool{}
		for sn, err := range s.Snapshots(ctx, datastore.Filter{}) {
			if err != nil {
				return err
			}
			there[sn.Name] = true
			if err := p.want[sn.Name].compare(ctx, s, sn.Root); err != nil {
				return fmt.Errorf("%s: %w", sn.Address(), err)
			}
		}
		for name := range must {
			if must[name] && !there[name] {
				return fmt.Errorf("snapshot of %s is gone", name)
			}
		}
		return nil
	})
}

// settle collects twice, with nobody else there: then nothing is left of what nothing needs.
func (p *play) settle(ctx context.Context, storage *mem.Backend) error {
	for range 2 {
		if err := gc(true)(ctx, storage); err != nil {
			return fmt.Errorf("the last collection failed: %w", err)
		}
	}
	for _, prefix := range []string{"condemned/", "waits/", "sessions/", "beats/"} {
		left, err := backend.Names(ctx, storage, prefix)
		if err != nil || len(left) > 0 {
			return errors.Join(err, fmt.Errorf("left behind: %q", left))
		}
	}
	return with(ctx, storage, func(s *datastore.Store) error {
		plan, err := s.PlanCollection(ctx, datastore.CollectOptions{})
		if err == nil && len(plan.Packs) > 0 {
			err = fmt.Errorf("%d packs could still be collected", len(plan.Packs))
		}
		return err
	})
}

// watch asserts the protocol's invariants about names, after each operation.
type watch struct {
	storage *mem.Backend
	gone    map[string]bool     // packs and sessions that were deleted
	records map[string][]string // packs by the record that condemns them
}

func (w *watch) step(op interleave.Operation) error {
	ctx := context.Background()
	switch {
	case op.Kind == backend.KindDelete && strings.HasPrefix(op.Name, "packs/"):
		w.gone[op.Name] = true
	case op.Kind == backend.KindPut && w.gone[op.Name]:
		return fmt.Errorf("%s was deleted, and is put again", op.Name)
	case op.Kind == backend.KindPut && strings.HasPrefix(op.Name, "sessions/"):
		if w.gone[op.Name] {
			return fmt.Errorf("%s was fenced, and is put again", op.Name)
		}
	case op.Kind == backend.KindDelete && strings.HasPrefix(op.Name, "sessions/"):
		w.gone[op.Name] = true
	case op.Kind == backend.KindPut && strings.HasPrefix(op.Name, "condemned/"):
		return w.condemned(ctx, op.Name)
	case op.Kind == backend.KindDelete && strings.HasPrefix(op.Name, "condemned/"):
		return w.outlives(ctx, op.Name)
	}
	return nil
}

func (w *watch) condemned(ctx context.Context, record string) error {
	data, err := backend.ReadAll(ctx, w.storage, record, 1<<20)
	if err != nil {
		return err
	}
	var c condemnation
	_, err = document.Decode(record, data, nil, &c)
	w.records[record] = c.Packs
	return err
}

// outlives says that a record that was deleted has outlived its packs.
func (w *watch) outlives(ctx context.Context, record string) error {
	for _, id := range w.records[record] {
		r, err := w.storage.Get(ctx, "packs/"+id[:2]+"/"+id, 0, 0)
		if err == nil {
			return errors.Join(r.Close(), fmt.Errorf("%s was deleted before its pack %s", record, id))
		}
	}
	return nil
}

// long says whether to take the time that a thorough exploration needs.
func long() bool { return os.Getenv("HEIRLOOM_TEST_FULL") != "" }
