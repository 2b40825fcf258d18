package datastore

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
)

// readers is the number of ranges of packs that are read and decoded at the same time.
const readers = 4

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
		wrong, err := f.handOut(w, sp, fr, plain, err)
		failures = append(failures, wrong...)
		if err != nil {
			return nil, err
		}
	}
	return failures, ctx.Err()
}

// handOut names the chunks in a decoded frame, all in one call, and hands out those that are what was asked for. cause
// is why there is no frame.
func (f *fetch) handOut(w *workspace, sp *span, fr *plannedFrame, plain []byte, cause error) (failures []failure, err error) {
	fail := func(x want, err error) {
		failures = append(failures, failure{x, fmt.Errorf("pack %s: %w", sp.pack.Name, err)})
	}
	w.reset()
	for _, x := range fr.wants {
		if piece, err := fr.piece(plain, x, cause); err != nil {
			fail(x, err)
		} else {
			w.add(x, piece)
		}
	}
	for i, id := range w.name(f.store.namer) {
		x := w.wants[i]
		if id != f.ids[x.index] {
			fail(x, fmt.Errorf("frame at %d: %w: bytes %d to %d are not the chunk", fr.Offset, pack.ErrDamaged,
				x.loc.place.Offset, x.loc.place.Offset+x.loc.place.Length))
		} else if err := f.fn(x.index, w.pieces[i], nil); err != nil {
			return nil, err
		}
	}
	return failures, nil
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
