package datastore

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/internal/index"
	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
)

// buildLimit is the number of chunks that are sorted in memory for one table.
const buildLimit = 1 << 18

// builder collects trailers into tables.
type builder struct {
	store   *Store
	sources []index.Source
	chunks  int
	have    map[string]bool
}

func (b *builder) add(t *pack.Trailer, size int64) error {
	if b.have[t.Name] {
		return nil
	}
	b.have[t.Name] = true
	b.sources = append(b.sources, index.Source{Size: size, Trailer: t})
	for i := range t.Frames {
		b.chunks += len(t.Frames[i].Chunks)
	}
	if b.chunks < buildLimit {
		return nil
	}
	return b.flush()
}

func (b *builder) flush() error {
	if len(b.sources) == 0 {
		return nil
	}
	err := b.store.addTable(b.sources)
	b.sources, b.chunks = nil, 0
	return err
}

// addTable builds a table of the given packs and makes it part of the catalog.
func (s *Store) addTable(sources []index.Source) error {
	t, err := s.buildTable(sources)
	if err != nil {
		return err
	}
	s.catalog.mu.Lock()
	defer s.catalog.mu.Unlock()
	s.catalog.addTable(t, s.config.Writers.Trusted)
	return nil
}

func (s *Store) buildTable(sources []index.Source) (*openTable, error) {
	return s.catalog.dir.create(func(w io.Writer) error { return index.Build(w, sources) })
}

// indexSegments reads the index segments that were never read, as long as there are packs nobody knows.
func (s *Store) indexSegments(ctx context.Context) error {
	if !s.catalog.anyNeeded() {
		return nil
	}
	names, err := backend.Names(ctx, s.backend, indexPrefix)
	if err != nil {
		return fmt.Errorf("list index: %w", err)
	}
	b := &builder{store: s, have: map[string]bool{}}
	for _, name := range names {
		if s.catalog.read(name) {
			continue
		}
		if err := s.indexSegment(ctx, name, b); err != nil {
			return err
		}
	}
	return b.flush()
}

// indexSegment reads one segment. It is a hint: what is damaged is left out, and the packs' own trailers are read.
func (s *Store) indexSegment(ctx context.Context, name string, b *builder) error {
	data, err := backend.ReadAll(ctx, s.backend, name, pack.MaxSegment)
	if errors.Is(err, backend.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read index: %w", err)
	}
	s.catalog.setRead(name)
	listed, err := pack.DecodeSegment(data)
	if err != nil {
		s.noteBroken(name, err)
		return nil
	}
	for _, l := range listed {
		t, err := pack.DecodeTrailer(l.Trailer, s.config.Writers)
		if err != nil {
			s.noteBroken(name, err)
			continue
		}
		if s.catalog.needed(t.Name) && t.Check(t.Name, l.Size) == nil {
			if err := b.add(t, l.Size); err != nil {
				return err
			}
		}
	}
	return nil
}

// read says whether an index segment was looked at already.
func (c *catalog) read(segment string) bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.segments[segment]
}

func (c *catalog) setRead(segment string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.segments[segment] = true
}
