package datastore

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
)

// readers is the number of ranges of packs that are read and decoded at the same time.
const readers = 4

// Fetch reads content chunks in the order in which they lie in the store, several ranges at a time and each frame
// once. It calls fn once for each index of ids, from several goroutines at a time; data is valid during the call.
//
// Every chunk is checked against its ID before fn sees it. For one that cannot be had fn gets a *ChunkError: other
// copies were tried, and for a missing one the listings were read anew, twice. If fn fails, or the storage cannot be
// asked, Fetch stops and returns that error.
func (s *Store) Fetch(ctx context.Context, ids []chunk.ID, fn func(i int, data []byte, err error) error) error {
	if err := s.load(ctx); err != nil {
		return err
	}
	f := &fetch{store: s, ids: ids, fn: fn, tries: make(map[int]*tries)}
	todo := make([]int, len(ids))
	for i := range todo {
		todo[i] = i
	}
	for len(todo) > 0 {
		again, err := f.round(ctx, todo)
		if err != nil {
			return err
		}
		todo = again
	}
	return nil
}

// fetch is one call of Fetch.
type fetch struct {
	store *Store
	ids   []chunk.ID
	fn    func(i int, data []byte, err error) error
	tries map[int]*tries // of the indexes that failed at least once
}

// tries is what was tried for a chunk.
type tries struct {
	bad       map[place]bool // places that did not hold it
	err       error          // what was wrong with the last of them
	refreshes int            // how often the listings were read anew because there was no place left
}

// place identifies a copy of a chunk, whichever table named it.
type place struct{ pack, frame, offset uint32 }

// round tries one place for each index and returns those to be tried again.
func (f *fetch) round(ctx context.Context, todo []int) ([]int, error) {
	wants, missing := f.locate(todo)
	spans, ok := f.store.plan(wants)
	if !ok {
		return todo, nil // the table that named a place turned out damaged and is gone now
	}
	failed, err := f.read(ctx, spans)
	if err != nil {
		return nil, err
	}
	if len(missing) == 0 {
		return failed, nil
	}
	more, err := f.refreshFor(ctx, missing)
	return append(failed, more...), err
}

// locate finds a place for each index that was not tried yet.
func (f *fetch) locate(todo []int) (wants []want, missing []int) {
	var places []location
	for _, i := range todo {
		places = f.store.catalog.find(places[:0], &f.ids[i])
		if loc, ok := f.untried(i, places); ok {
			wants = append(wants, want{index: i, loc: loc})
		} else {
			missing = append(missing, i)
		}
	}
	return wants, missing
}

func (f *fetch) untried(i int, places []location) (location, bool) {
	t := f.tries[i]
	for _, p := range places {
		if t == nil || !t.bad[p.key()] {
			return p, true
		}
	}
	return location{}, false
}

func (l location) key() place { return place{l.pack, l.place.Frame, l.place.Offset} }

// maxRefreshes is how often the listings are read anew before a chunk counts as missing, each begun after the one
// before has ended: a copy made meanwhile by a collector is then found.
const maxRefreshes = 2

// refreshFor reads the listings anew for chunks that have no place left, and gives up on those that had their share.
func (f *fetch) refreshFor(ctx context.Context, missing []int) (again []int, err error) {
	refreshed := false
	for _, i := range missing {
		t := f.tried(i)
		if t.refreshes == maxRefreshes {
			if err := f.fn(i, nil, f.verdict(i, t)); err != nil {
				return nil, err
			}
			continue
		}
		if !refreshed {
			refreshed = true
			if err := f.store.refresh(ctx); err != nil {
				return nil, err
			}
		}
		t.refreshes++
		again = append(again, i)
	}
	return again, nil
}

func (f *fetch) tried(i int) *tries {
	t := f.tries[i]
	if t == nil {
		t = &tries{bad: map[place]bool{}}
		f.tries[i] = t
	}
	return t
}

// verdict says why a chunk cannot be had.
func (f *fetch) verdict(i int, t *tries) *ChunkError {
	if t.err != nil {
		return &ChunkError{ID: f.ids[i], Reason: verdictOf(t.err), Detail: t.err.Error()}
	}
	return &ChunkError{ID: f.ids[i], Reason: Missing, Detail: "no pack that is there holds it"}
}

// read reads the spans and hands out their chunks. It returns the indexes whose place turned out bad.
func (f *fetch) read(ctx context.Context, spans []span) ([]int, error) {
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(readers)
	results := make([][]failure, len(spans))
	for k := range spans {
		if inner.Err() != nil {
			break
		}
		group.Go(func() (err error) {
			results[k], err = f.readSpan(inner, &spans[k])
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	var again []int
	for _, failures := range results {
		for _, x := range failures {
			t := f.tried(x.want.index)
			t.bad[x.want.loc.key()] = true
			if t.err == nil || verdictOf(x.err) == Corrupt {
				t.err = x.err
			}
			again = append(again, x.want.index)
		}
	}
	return again, ctx.Err()
}

// failure is a place that did not hold what it should.
type failure struct {
	want want
	err  error
}

// bad says whether an error is a finding about the bytes, rather than about the way to them.
func bad(err error) bool {
	return errors.Is(err, pack.ErrDamaged) || errors.Is(err, backend.ErrNotFound)
}

// verdictOf says which damage a bad place is: a pack that is gone holds no wrong bytes.
func verdictOf(err error) Damage {
	if errors.Is(err, backend.ErrNotFound) {
		return Missing
	}
	return Corrupt
}

func (f *fetch) readSpan(ctx context.Context, sp *span) ([]failure, error) {
	w := f.store.workspace()
	defer f.store.release(w)
	data := w.room(sp.length)
	if err := f.store.readPack(ctx, sp.pack.Name, sp.offset, data); err != nil {
		if !bad(err) {
			return nil, err
		}
		return f.readFrames(ctx, w, sp, nil) // the range is bad as a whole; perhaps not each of its frames
	}
	return f.readFrames(ctx, w, sp, data)
}

// readFrames decodes the frames of a span, whose bytes are data, or which are read one by one if data is nil.
func (f *fetch) readFrames(ctx context.Context, w *workspace, sp *span, data []byte) (failures []failure, err error) {
	for k := range sp.frames {
		fr := &sp.frames[k]
		plain, err := f.readFrame(ctx, w, sp, fr, data)
		if err != nil && !bad(err) {
			return nil, err
		}
		for _, want := range fr.wants {
			piece, perr := fr.piece(plain, want, err)
			if perr == nil && f.store.namer.Name(piece) != f.ids[want.index] {
				perr = fmt.Errorf("frame at %d: %w: bytes %d to %d are not the chunk", fr.Offset, pack.ErrDamaged,
					want.loc.place.Offset, want.loc.place.Offset+want.loc.place.Length)
			}
			if perr != nil {
				failures = append(failures, failure{want, fmt.Errorf("pack %s: %w", sp.pack.Name, perr)})
				continue
			}
			if err := f.fn(want.index, piece, nil); err != nil {
				return nil, err
			}
		}
	}
	return failures, ctx.Err()
}

func (f *fetch) readFrame(ctx context.Context, w *workspace, sp *span, fr *plannedFrame, data []byte) ([]byte, error) {
	if data == nil {
		stored := w.room(int64(fr.Stored))
		if err := f.store.readPack(ctx, sp.pack.Name, int64(fr.Offset), stored); err != nil {
			return nil, err
		}
		return f.store.decode(w, sp.pack.Name, sp.pack.Slots, &fr.Frame, stored)
	}
	start := int64(fr.Offset) - sp.offset
	return f.store.decode(w, sp.pack.Name, sp.pack.Slots, &fr.Frame, data[start:start+int64(fr.Stored)])
}
