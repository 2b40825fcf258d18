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

// condemnation is the payload of condemned/<id>.
type condemnation struct {
	Format int      `json:"format"`
	Packs  []string `json:"packs"`
}

// listing is what a writer or reader must know of the store before it relies on anything.
type listing struct {
	condemned map[string]bool
	packs     map[string]int64 // sizes, bytes

	// flaw is a record that is damaged, nil if none is: any pack could be condemned, so nothing new may rely on one.
	// Reading goes on.
	flaw error
}

// list reads the condemned records and then lists the packs. The order is part of the collection protocol: a pack that
// was listed before the records were read could have been deleted, record and all, in between.
func (s *Store) list(ctx context.Context) (listing, error) {
	l := listing{condemned: map[string]bool{}, packs: map[string]int64{}}
	names, err := backend.Names(ctx, s.backend, condemnedPrefix)
	if err != nil {
		return l, fmt.Errorf("list condemned packs: %w", err)
	}
	for _, name := range names {
		var c condemnation
		_, err := s.readDoc(ctx, name, &c)
		if errors.Is(err, backend.ErrNotFound) {
			continue // gone since it was listed: all its packs are, too
		}
		if damaged(err) {
			l.flaw = errors.Join(l.flaw, fmt.Errorf("read condemned packs: %w", err))
			continue
		}
		if err != nil {
			return l, fmt.Errorf("read condemned packs: %w", err)
		}
		for _, id := range c.Packs {
			l.condemned[id] = true
		}
	}
	for info, err := range s.backend.List(ctx, packPrefix) {
		if err != nil {
			return l, fmt.Errorf("list packs: %w", err)
		}
		if id, ok := packID(info.Name); ok {
			l.packs[id] = info.Size
		}
	}
	return l, nil
}

// load makes the catalog ready if it never was.
func (s *Store) load(ctx context.Context) error {
	s.catalogs.Lock()
	defer s.catalogs.Unlock()
	if s.catalog.loaded {
		return nil
	}
	return s.refreshLocked(ctx)
}

// refresh brings the catalog up to what the backend holds now.
func (s *Store) refresh(ctx context.Context) error {
	s.catalogs.Lock()
	defer s.catalogs.Unlock()
	return s.refreshLocked(ctx)
}

func (s *Store) refreshLocked(ctx context.Context) error {
	s.loadTables() // before the listing: what a table knows was stored by then, so if it is not listed it is gone
	s.catalog.awaitListing()
	l, err := s.list(ctx)
	if err != nil {
		return err
	}
	s.catalog.apply(l)
	if err := s.indexSegments(ctx); err != nil {
		return err
	}
	if err := s.indexTrailers(ctx); err != nil {
		return err
	}
	s.mergeTables()
	s.catalog.loaded = true
	return nil
}

// awaitListing is called before a listing begins that will be applied.
func (c *catalog) awaitListing() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.adopted = nil
}

func (c *catalog) apply(l listing) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.flaw = l.flaw
	for i := range c.packs {
		c.packs[i].listed = false
	}
	for _, n := range c.adopted {
		c.packs[n].listed = true
	}
	for name, size := range l.packs {
		n := c.number(name)
		p := &c.packs[n]
		p.listed, p.condemned = true, l.condemned[name]
		if p.indexed {
			c.compareSize(n, size, p.size)
			continue
		}
		p.size = size
	}
}

// needed says whether a table should be made to know the pack.
func (c *catalog) needed(name string) bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	n, ok := c.byName[name]
	return ok && c.packs[n].listed && !c.packs[n].indexed
}

func (c *catalog) anyNeeded() bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	for i := range c.packs {
		if c.packs[i].listed && !c.packs[i].indexed {
			return true
		}
	}
	return false
}

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

// indexTrailers reads the trailers of packs that no segment names.
func (s *Store) indexTrailers(ctx context.Context) error {
	b := &builder{store: s, have: map[string]bool{}}
	for _, p := range s.catalog.unindexed() {
		t, err := s.readTrailer(ctx, p.name, p.size)
		switch {
		case err == nil:
			if err := b.add(t, p.size); err != nil {
				return err
			}
		case damaged(err) || errors.Is(err, pack.ErrDamaged):
			s.noteBroken(packObject(p.name), err)
		case !errors.Is(err, backend.ErrNotFound):
			return err
		}
	}
	return b.flush()
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

func (c *catalog) unindexed() (list []packState) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	for _, p := range c.packs {
		if p.listed && !p.indexed {
			list = append(list, p)
		}
	}
	return list
}

// trailerGuess is how much of a pack's end is read at first, in bytes: most trailers fit.
const trailerGuess = 128 << 10

// readTrailer reads the trailer of a pack from its end.
func (s *Store) readTrailer(ctx context.Context, id string, size int64) (*pack.Trailer, error) {
	if size < pack.FooterSize {
		return nil, fmt.Errorf("pack %s: %w: %d bytes", id, pack.ErrDamaged, size)
	}
	tail := make([]byte, min(size, trailerGuess))
	if err := s.readPack(ctx, id, size-int64(len(tail)), tail); err != nil {
		return nil, err
	}
	footer, err := pack.ParseFooter(tail[len(tail)-pack.FooterSize:], size)
	if err != nil {
		return nil, fmt.Errorf("pack %s: %w", id, err)
	}
	if need := footer.Trailer + pack.FooterSize; need > len(tail) {
		tail = make([]byte, need)
		if err := s.readPack(ctx, id, size-int64(need), tail); err != nil {
			return nil, err
		}
	}
	end := len(tail) - pack.FooterSize
	return footer.Open(tail[end-footer.Trailer:end], id, size, s.config.Writers)
}

// readPack fills p from a pack. A pack that ends too early is damaged.
func (s *Store) readPack(ctx context.Context, id string, offset int64, p []byte) error {
	err := backend.ReadFull(ctx, s.backend, packObject(id), offset, p)
	if errors.Is(err, backend.ErrShort) {
		return fmt.Errorf("%w: %w", pack.ErrDamaged, err)
	}
	return err
}

func (s *Store) noteBroken(object string, err error) {
	s.o.Logger.Warn("object is damaged", "object", object, "error", err)
	s.catalog.mu.Lock()
	defer s.catalog.mu.Unlock()
	s.catalog.broken[object] = err
}
