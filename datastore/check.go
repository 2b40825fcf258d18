package datastore

import (
	"context"
	"errors"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/internal/index"
	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
)

// PackReport is what a check of one pack found.
type PackReport struct {
	Object string // the pack's object
	Trees  bool   // it holds tree nodes
	Chunks int64
	Bytes  int64        // of chunks, plain
	Bad    []ChunkState // chunks that this pack does not hold as it should; another may
	Damage error        // what was wrong first, with the pack's chunks or with its own description
}

// CheckPack reads a whole pack, every byte, and checks each frame and each chunk in it. A pack that is gone or cut off
// is a finding, not an error; an error says that the storage could not be asked.
func (s *Store) CheckPack(ctx context.Context, name string) (*PackReport, error) {
	if err := s.load(ctx); err != nil {
		return nil, err
	}
	c := &packCheck{store: s, name: name, report: &PackReport{Object: packObject(name)}}
	if err := c.run(ctx, name); err != nil {
		return nil, err
	}
	if c.report.Damage != nil {
		s.nodes.drop(s.catalog.known(name).number) // read while it was whole; nobody shall be told that it still is
	}
	return c.report, nil
}

func (c *packCheck) run(ctx context.Context, name string) error {
	s := c.store
	t, err := s.checkTrailer(ctx, name, c.report)
	if err != nil {
		return err
	}
	if t == nil {
		return s.catalog.suspect(name, c.report)
	}
	c.report.Trees = t.Kind == pack.Tree
	c.space = s.workspace()
	defer s.release(c.space)
	for i := range t.Frames {
		if err := c.frame(ctx, t, &t.Frames[i]); err != nil {
			return err
		}
	}
	return nil
}

// suspect adds all chunks of a pack that nothing in the store describes any more: the local index still knows them.
func (c *catalog) suspect(name string, r *PackReport) error {
	number := c.known(name).number
	c.mu.RLock()
	defer c.mu.RUnlock()
	for e, err := range index.All(plain(c.tables)) {
		if err != nil {
			return err
		}
		if t := c.tables[e.Table]; t.packs[e.Pack] == number {
			r.Trees = t.Packs()[e.Pack].Kind == pack.Tree
			r.Bad = append(r.Bad, ChunkState{e.ID, verdictOf(r.Damage), name})
		}
	}
	return nil
}

// checkTrailer reads the pack's own trailer; where that is damaged, its copy in an index segment serves for the check of
// the frames.
func (s *Store) checkTrailer(ctx context.Context, name string, r *PackReport) (*pack.Trailer, error) {
	t, err := s.readTrailer(ctx, name, s.catalog.known(name).size)
	if err == nil {
		return t, nil
	}
	if !bad(err) && !damaged(err) {
		return nil, err
	}
	r.Damage = err
	return s.trailerCopy(ctx, name)
}

// trailerCopy looks for a pack's trailer in the index segments; nil if none has it.
func (s *Store) trailerCopy(ctx context.Context, name string) (*pack.Trailer, error) {
	names, err := backend.Names(ctx, s.backend, indexPrefix)
	if err != nil {
		return nil, err
	}
	for _, segment := range names {
		data, err := backend.ReadAll(ctx, s.backend, segment, pack.MaxSegment)
		if errors.Is(err, backend.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		listed, err := pack.DecodeSegment(data)
		if err != nil {
			continue // it is reported where segments are checked
		}
		for _, l := range listed {
			if t, err := pack.DecodeTrailer(l.Trailer, s.config.Writers); err == nil && t.Name == name {
				return t, nil
			}
		}
	}
	return nil, nil
}
