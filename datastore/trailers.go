package datastore

import (
	"context"
	"errors"
	"fmt"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
)

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
		case damaged(err): // pack.ErrDamaged is one of its kinds
			s.noteBroken(packObject(p.name), err)
		case !errors.Is(err, backend.ErrNotFound):
			return err
		}
	}
	return b.flush()
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
