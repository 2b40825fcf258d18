package datastore

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
	"github.com/heirloom-backup/heirloom/datastore/internal/packer"
)

// copyOut copies what is needed of leaving packs and is held by no other, and makes the copies durable and known. It
// returns the packs that cannot be emptied.
//
// A copy turns out damaged when it is read. Then another one may have to be copied, which did not count before: all is
// counted anew, until there is no new damage.
func (c *collector) copyOut(ctx context.Context, roles []role) (stuck map[string]bool, err error) {
	stuck = map[string]bool{}
	for damage := -1; damage < len(c.survey.bad); {
		damage = len(c.survey.bad)
		if err := c.copyOnce(ctx, c.staying(roles), stuck); err != nil {
			return nil, err
		}
	}
	return stuck, nil
}

// staying adds to the roles of packs those that this run has written.
func (c *collector) staying(roles []role) []role {
	_, packs := c.store.catalog.copy()
	all := make([]role, len(packs))
	copy(all, roles)
	for n := range packs {
		if sessionOf(packs[n].name) == c.id {
			all[n] = stays
		}
	}
	return all
}

func (c *collector) copyOnce(ctx context.Context, roles []role, stuck map[string]bool) error {
	counted := c.census(roles, c.store.catalog.newer(c.survey.tables))
	if err := counted.take(); err != nil {
		return err
	}
	c.dropped = counted.dropped
	m, err := c.moves(counted)
	if err != nil {
		return err
	}
	u := &segment{}
	m.stuck, m.done = stuck, func(ctx context.Context, l *layout) error { return c.storeCopy(ctx, m, l, u) }
	if err := m.run(ctx); err != nil {
		if errors.Is(err, backend.ErrNotFound) {
			err = errors.Join(errMoved, err)
		}
		return err
	}
	_, err = c.store.putSegment(ctx, u)
	return err
}

// storeCopy fills a pack with the frames laid out for it and stores it.
func (c *collector) storeCopy(ctx context.Context, m *moving, l *layout, u *segment) error {
	data, t, err := c.fill(ctx, m, l)
	if err != nil || len(t.Frames) == 0 {
		return err
	}
	t.Place()
	var errs []error
	for range copyAttempts { // each under a name of its own: a put that failed may still land
		p, err := c.putCopy(ctx, t, data)
		if err == nil {
			c.report.BytesCopied += p.Size
			u.add(p)
			return nil
		}
		if errs = append(errs, err); ctx.Err() != nil {
			break
		}
	}
	return errs[0]
}

const copyAttempts = 3

// fill reads the frames of a layout. Damaged ones are left out, and their packs are stuck.
func (c *collector) fill(ctx context.Context, m *moving, l *layout) ([]byte, pack.Trailer, error) {
	t := l.trailer
	t.Frames = nil
	data, refs := make([]byte, 0, l.size+l.tail()), []byte(nil)
	for i, from := range l.from {
		start, refsStart := len(data), len(refs)
		var err error
		if data, refs, err = c.store.appendFrame(ctx, data, refs, from); err == nil {
			t.Frames = append(t.Frames, l.trailer.Frames[i])
			continue
		}
		if !damaged(err) {
			return nil, t, err
		}
		data, refs = data[:start], refs[:refsStart]
		c.damage(m, from, err)
	}
	return append(data, refs...), t, nil
}

// tail is about the length of a trailer, so that the buffer need not grow.
func (l *layout) tail() int { return 256 + 128*len(l.from) + 48*l.chunks + 256*len(l.trailer.Slots) }

// appendFrame reads a frame and its refs as they are stored, and checks them.
func (s *Store) appendFrame(ctx context.Context, data, refs []byte, from origin) ([]byte, []byte, error) {
	f := &from.frame
	start := len(data)
	data = append(data, make([]byte, f.Stored)...)
	if err := s.readPack(ctx, from.pack, int64(f.Offset), data[start:]); err != nil {
		return data, refs, err
	}
	if err := f.Check(data[start:]); err != nil || f.Refs == 0 {
		return data, refs, err
	}
	start = len(refs)
	refs = append(refs, make([]byte, f.Refs)...)
	if err := s.readPack(ctx, from.pack, int64(f.RefsOffset), refs[start:]); err != nil {
		return data, refs, err
	}
	return data, refs, f.CheckRefs(refs[start:])
}

// damage takes note of a frame that cannot be copied.
func (c *collector) damage(m *moving, from origin, err error) {
	m.stuck[from.pack] = true
	c.store.noteBroken(packObject(from.pack), err)
	number := c.store.catalog.known(from.pack).number
	for _, ch := range from.frame.Chunks {
		if at := (badPlace{ch.ID, number}); !c.survey.bad[at] {
			c.survey.bad[at] = true
			c.report.Damaged = append(c.report.Damaged, ChunkState{ch.ID, Corrupt, from.pack})
		}
	}
}

// putCopy stores a pack under a new name and reads it back.
func (c *collector) putCopy(ctx context.Context, t pack.Trailer, data []byte) (packer.Pack, error) {
	s := c.store
	t.Name, t.Writer = newID()+"-"+c.id, s.signer.Writer()
	size := len(data)
	data = t.Append(data, s.signer)
	encoded := bytes.Clone(data[size:])
	data = pack.AppendFooter(data, encoded)
	if err := s.backend.Put(ctx, packObject(t.Name), data); err != nil {
		return packer.Pack{}, fmt.Errorf("store copied frames: %w", err)
	}
	back := make([]byte, len(data))
	if err := s.readPack(ctx, t.Name, 0, back); err != nil {
		return packer.Pack{}, fmt.Errorf("read back copied frames: %w", err)
	}
	if !bytes.Equal(back, data) {
		return packer.Pack{}, fmt.Errorf("read back pack %s: %w", t.Name, pack.ErrDamaged)
	}
	return packer.Pack{Trailer: &t, Encoded: encoded, Size: int64(len(data))}, nil
}
