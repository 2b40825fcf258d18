package packer

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
)

// attempts is how often a pack is stored, each time under a new name, before the error counts.
const attempts = 3

// upload stores packs until there are no more.
func (p *Packer) upload(ctx context.Context) {
	for o := range p.uploads {
		if p.failed() == nil {
			if err := p.store(ctx, o); err != nil {
				p.fail(err)
			}
		}
		p.shelf.buffers[o.trailer.Kind].put(o.buf)
		p.storing.add(-1)
	}
}

// store puts a pack. A put whose outcome is unknown is never repeated under the same name: it could land after a
// collector has removed that name.
func (p *Packer) store(ctx context.Context, o *openPack) error {
	for _, refs := range o.refs {
		o.buf = append(o.buf, refs...)
	}
	data := len(o.buf)
	o.trailer.Place()
	var errs []error
	for range attempts {
		done, err := p.putOnce(ctx, o, data)
		if err == nil {
			return p.done(done)
		}
		errs = append(errs, err)
		if ctx.Err() != nil || errors.Is(err, backend.ErrReadOnly) {
			break
		}
	}
	return errs[0]
}

func (p *Packer) putOnce(ctx context.Context, o *openPack, data int) (Pack, error) {
	t := o.trailer
	t.Frames = slices.Clone(t.Frames) // which are kept, in a list as long as they are
	t.Name, t.Writer = p.o.NewName(), p.o.Key.Writer()
	o.buf = t.Append(o.buf[:data], p.o.Key)
	encoded := append([]byte(nil), o.buf[data:]...)
	o.buf = pack.AppendFooter(o.buf, encoded)
	if err := p.o.Put(ctx, t.Name, o.buf); err != nil {
		return Pack{}, fmt.Errorf("store pack: %w", err)
	}
	return Pack{Trailer: &t, Encoded: encoded, Size: int64(len(o.buf))}, nil
}

func (p *Packer) done(d Pack) error {
	p.doneMu.Lock()
	defer p.doneMu.Unlock()
	return p.o.Done(d)
}
