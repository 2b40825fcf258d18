package datastore

import (
	"context"
	"errors"
	"fmt"

	"github.com/heirloom-backup/heirloom/chunk"
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

// Place says where a chunk lies.
type Place struct {
	Pack   string // "" for a chunk that no listed pack holds
	Length int64  // bytes, plain; of a tree node, without its refs
}

// Locate returns for each ID the place that a read would be answered from first.
func (s *Store) Locate(ctx context.Context, ids []chunk.ID) ([]Place, error) {
	if err := s.load(ctx); err != nil {
		return nil, err
	}
	found := make([]Place, len(ids))
	var places []location
	for i := range ids {
		places = s.catalog.find(places[:0], &ids[i])
		if len(places) > 0 {
			found[i] = Place{s.catalog.pack(places[0].pack).name, int64(places[0].place.Length)}
		}
	}
	return found, nil
}

// Packs returns the names of all packs there are now.
func (s *Store) Packs(ctx context.Context) ([]string, error) {
	if err := s.refresh(ctx); err != nil {
		return nil, err
	}
	s.catalog.mu.RLock()
	defer s.catalog.mu.RUnlock()
	var names []string
	for _, p := range s.catalog.packs {
		if p.listed {
			names = append(names, p.name)
		}
	}
	return names, nil
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

// knownPack is what the catalog has of a pack; the number is noPack and the size 0 for one it never saw.
type knownPack struct {
	number uint32
	size   int64 // bytes
}

func (c *catalog) known(name string) knownPack {
	c.mu.RLock()
	defer c.mu.RUnlock()
	n, ok := c.byName[name]
	if !ok {
		return knownPack{number: noPack}
	}
	return knownPack{n, c.packs[n].size}
}

// packCheck is one check under way.
type packCheck struct {
	store  *Store
	name   string // of the pack
	report *PackReport
	space  *workspace
	chunks [][]byte
	ids    []chunk.ID
}

func (c *packCheck) frame(ctx context.Context, t *pack.Trailer, f *pack.Frame) error {
	plain, refs, err := c.read(ctx, t, f)
	if err != nil && !bad(err) {
		return err
	}
	c.report.Chunks += int64(len(f.Chunks))
	c.report.Bytes += int64(f.Plain) + int64(f.Refs)
	if err != nil {
		for _, ch := range f.Chunks {
			c.bad(ch.ID, verdictOf(err), err)
		}
		return nil
	}
	c.cut(f, plain, refs)
	c.store.namer.NameAll(c.ids, c.chunks)
	for i, ch := range f.Chunks {
		if c.ids[i] != ch.ID {
			c.bad(ch.ID, Corrupt, fmt.Errorf("frame at %d: %w: chunk %d is not what its ID says", f.Offset, pack.ErrDamaged, i))
		}
	}
	return nil
}

// read returns a frame's plain bytes and refs.
func (c *packCheck) read(ctx context.Context, t *pack.Trailer, f *pack.Frame) (plain, refs []byte, err error) {
	s := c.store
	stored := c.space.room(int64(f.Stored))
	if err := s.readPack(ctx, t.Name, int64(f.Offset), stored); err != nil {
		return nil, nil, err
	}
	if f.Refs > 0 {
		refs = make([]byte, f.Refs)
		if err := s.readPack(ctx, t.Name, int64(f.RefsOffset), refs); err != nil {
			return nil, nil, err
		}
		if err := f.CheckRefs(refs); err != nil {
			return nil, nil, err
		}
	}
	plain, err = s.decode(c.space, t.Name, t.Slots, f, stored)
	return plain, refs, err
}

// cut divides a frame into the bytes that its chunks' IDs name.
func (c *packCheck) cut(f *pack.Frame, plain, refs []byte) {
	c.chunks = c.chunks[:0]
	for _, ch := range f.Chunks {
		piece := plain[:ch.Length]
		if ch.Refs > 0 {
			piece = append(append(make([]byte, 0, ch.Refs+ch.Length), refs[:ch.Refs]...), piece...)
		}
		c.chunks = append(c.chunks, piece)
		plain, refs = plain[ch.Length:], refs[ch.Refs:]
	}
	c.ids = append(c.ids[:0], make([]chunk.ID, len(c.chunks))...)
}

func (c *packCheck) bad(id chunk.ID, why Damage, err error) {
	c.report.Bad = append(c.report.Bad, ChunkState{id, why, c.name})
	if c.report.Damage == nil {
		c.report.Damage = err
	}
}

// Verification is the result of verifying one snapshot, to be recorded.
type Verification struct {
	Snapshot *Snapshot
	Outcome  Outcome
	Chunks   int64
	Bytes    int64
	Damage   []ChunkState // damaged chunks; at most 1000 are recorded
	Job      string
}

const maxRecordedDamage = 1000

// RecordVerifications writes results to the ledger, in one record.
func (s *Store) RecordVerifications(ctx context.Context, list []Verification) error {
	if len(list) == 0 {
		return nil
	}
	rec := record{Type: recordVerify}
	for _, v := range list {
		damage := v.Damage[:min(len(v.Damage), maxRecordedDamage)]
		rec.Results = append(rec.Results, verification{refOf(v.Snapshot), v.Outcome, v.Chunks, v.Bytes, damage, v.Job})
	}
	_, err := s.record(ctx, rec)
	return err
}
