package datastore

import (
	"context"
	"time"

	"github.com/heirloom-backup/heirloom/datastore/internal/index"
	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
	"github.com/heirloom-backup/heirloom/datastore/internal/packer"
)

// When an index segment is written: what it holds need not be found in trailers by a run that follows an interrupted
// one, and need not be kept in memory any more by this one.
const (
	segmentChunks   = 128 << 10
	segmentInterval = 30 * time.Second
)

// packed takes note of a pack that is durable now. It is not called concurrently.
func (w *Session) packed(ctx context.Context, p packer.Pack) error {
	w.stats.bytesStored.Add(p.Size)
	w.stats.bytesPacked.Add(p.Size)
	w.mu.Lock()
	w.stored(p.Name)
	u := &w.unlisted
	u.add(p)
	due := u.chunks >= segmentChunks || w.store.now().Sub(u.since) >= segmentInterval
	w.mu.Unlock()
	if !due {
		return nil
	}
	return w.flushSegment(ctx)
}

func (u *segment) add(p packer.Pack) {
	u.listed = append(u.listed, pack.Listed{Size: p.Size, Trailer: p.Encoded})
	u.sources = append(u.sources, index.Source{Size: p.Size, Trailer: p.Trailer})
	for i := range p.Frames {
		u.chunks += len(p.Frames[i].Chunks)
	}
}

// flushSegment writes an index segment of the packs stored since the last one.
func (w *Session) flushSegment(ctx context.Context) error {
	w.mu.Lock()
	u := w.unlisted
	w.unlisted = segment{since: w.store.now()}
	w.mu.Unlock()
	size, err := w.store.putSegment(ctx, &u)
	w.stats.bytesStored.Add(size)
	if err != nil || len(u.listed) == 0 {
		return err
	}
	w.forgetPending(u.sources)
	w.store.mergeMany()
	return nil
}

// putSegment writes an index segment, if there is anything in it, and makes its packs known to this process. It returns
// the segment's size.
func (s *Store) putSegment(ctx context.Context, u *segment) (int64, error) {
	if len(u.listed) == 0 {
		return 0, nil
	}
	data := pack.AppendSegment(nil, u.listed)
	name := indexPrefix + newID()
	if err := s.backend.Put(ctx, name, data); err != nil {
		return 0, err
	}
	return int64(len(data)), s.adopt(u.sources, name)
}

// forgetPending drops the IDs that the catalog knows now.
func (w *Session) forgetPending(sources []index.Source) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, src := range sources {
		for i := range src.Trailer.Frames {
			for _, c := range src.Trailer.Frames[i].Chunks {
				delete(w.pending, c.ID)
			}
		}
	}
}

// adopt makes packs that this process has stored known to the catalog, as if a refresh had listed them.
func (s *Store) adopt(sources []index.Source, segment string) error {
	t, err := s.buildTable(sources)
	if err != nil {
		return err
	}
	c := &s.catalog
	c.mu.Lock()
	defer c.mu.Unlock()
	c.addTable(t, s.config.Writers.Trusted)
	c.segments[segment] = true
	for _, n := range t.packs {
		c.packs[n].listed = true
	}
	c.adopted = append(c.adopted, t.packs...)
	return nil
}
