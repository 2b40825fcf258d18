package datastore

import (
	"bytes"
	"context"
	"fmt"

	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
	"github.com/heirloom-backup/heirloom/datastore/internal/packer"
)

// copyOut copies what is needed of leaving packs and is held by no other, and makes the copies durable and known. It
// returns the packs that cannot be emptied.
//
// A copy turns out damaged when it is read. Then another one may have to be copied, which did not count before: all is
// counted anew, until there is no new damage.
func (c *collector) copyOut(ctx context.Context, roles []role) (stuck map[string]bool, err error) {
	stuck = c.unknown(roles)
	for damage := -1; damage < len(c.survey.bad); {
		damage = len(c.survey.bad)
		if err := c.copyOnce(ctx, c.staying(roles), stuck); err != nil {
			return nil, err
		}
	}
	return stuck, nil
}

// unknown returns the leaving packs of which it was not known what they hold when the marks were begun: who is to say that
// nothing in them is needed?
func (c *collector) unknown(roles []role) map[string]bool {
	stuck := map[string]bool{}
	for n, r := range roles {
		if r == leaves && (n >= len(c.survey.packs) || !c.survey.packs[n].indexed) {
			stuck[c.store.catalog.pack(uint32(n)).name] = true
		}
	}
	return stuck
}

// staying adds to the roles of packs those that this run has written since the listing that the roles come from. Earlier
// ones have their role: another collection may have condemned them.
func (c *collector) staying(roles []role) []role {
	_, packs := c.store.catalog.copy()
	all := make([]role, len(packs))
	copy(all, roles)
	for n := len(roles); n < len(packs); n++ {
		if sessionOf(packs[n].name) == c.id {
			all[n] = stays
		}
	}
	return all
}

func (c *collector) copyOnce(ctx context.Context, roles []role, stuck map[string]bool) error {
	c.counted = c.census(roles, c.store.catalog.newer(c.survey.tables))
	if err := c.counted.take(); err != nil {
		return err
	}
	m, err := c.moves(c.counted)
	if err != nil {
		return err
	}
	u := &segment{}
	m.stuck, m.read = stuck, c.take
	m.done = func(ctx context.Context, l *layout) error { return c.storeCopy(ctx, l, u) }
	if err := m.run(ctx); err != nil {
		return err
	}
	_, err = c.store.putSegment(ctx, u)
	return err
}

// storeCopy stores the pack that was laid out.
func (c *collector) storeCopy(ctx context.Context, l *layout, u *segment) error {
	l.trailer.Place()
	data := append(l.data, l.refs...)
	var errs []error
	for range copyAttempts { // each under a name of its own: a put that failed may still land
		p, err := c.putCopy(ctx, l.trailer, data)
		if err == nil {
			c.report.BytesCopied += p.Size
			return c.keepListed(ctx, u, p)
		}
		if errs = append(errs, err); ctx.Err() != nil {
			break
		}
	}
	return errs[0]
}

const copyAttempts = 3

// keepListed notes a pack for an index segment, and stores the segment when it is full.
func (c *collector) keepListed(ctx context.Context, u *segment, p packer.Pack) error {
	u.add(p)
	if u.chunks < segmentChunks {
		return nil
	}
	_, err := c.store.putSegment(ctx, u)
	*u = segment{}
	return err
}

// take reads the frames of a pack. If one is damaged the pack is stuck, and what is damaged does not count any more.
func (c *collector) take(ctx context.Context, t *pack.Trailer, frames []*pack.Frame) (list []parcel, stuck bool, err error) {
	for _, f := range frames {
		p, err := c.store.readFrame(ctx, t.Name, f)
		switch {
		case err == nil:
			list = append(list, p)
		case damaged(err):
			stuck = true
			c.damage(t.Name, f, err)
		default:
			return nil, false, err
		}
	}
	return list, stuck, nil
}

// readFrame reads a frame and its refs as they are stored, and checks them.
func (s *Store) readFrame(ctx context.Context, name string, f *pack.Frame) (parcel, error) {
	p := parcel{stored: make([]byte, f.Stored)}
	err := s.readPack(ctx, name, int64(f.Offset), p.stored)
	if err == nil {
		err = f.Check(p.stored)
	}
	if err == nil && f.Refs > 0 {
		p.refs, err = s.readRefs(ctx, name, f)
	}
	return p, err
}

// damage takes note of a frame that cannot be copied.
func (c *collector) damage(name string, f *pack.Frame, err error) {
	c.store.noteBroken(packObject(name), err)
	number := c.store.catalog.known(name).number
	for _, ch := range f.Chunks {
		if at := (badPlace{ch.ID, number}); !c.survey.bad[at] {
			c.survey.bad[at] = true
			c.report.Damaged = append(c.report.Damaged, ChunkState{ch.ID, Corrupt, name})
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
