package datastore

import (
	"context"

	"github.com/heirloom-backup/heirloom/chunk"
)

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
