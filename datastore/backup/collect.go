package backup

import (
	"context"
	"fmt"

	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// collect adds the extents of finished buffers to the file, until at most n are left.
func (p *pipeline) collect(ctx context.Context, n int) error {
	for len(p.pending) > n {
		f := p.pending[0]
		p.pending = p.pending[1:]
		<-f.done
		for i, id := range f.ids {
			if err := p.addBoth(ctx, f.holes[i], tree.Extent{ID: id, Length: f.sizes[i]}); err != nil {
				return err
			}
		}
		if hole := f.holes[len(f.ids)]; hole > 0 {
			if err := p.extents.Add(ctx, tree.Extent{Length: hole}); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *pipeline) addBoth(ctx context.Context, hole int64, x tree.Extent) error {
	if hole > 0 {
		if err := p.extents.Add(ctx, tree.Extent{Length: hole}); err != nil {
			return err
		}
	}
	if x.ID.IsZero() {
		return nil // its put failed, which finish reports
	}
	return p.extents.Add(ctx, x)
}

// addHole adds a hole that the source knows of.
func (p *pipeline) addHole(ctx context.Context, n int64) error {
	if n <= 0 {
		return nil
	}
	if err := p.collect(ctx, 0); err != nil {
		return err
	}
	p.hole = true
	p.o.Progress.bytes.Add(n)
	return p.extents.Add(ctx, tree.Extent{Length: n})
}

// finish waits for all that is under way.
func (p *pipeline) finish(ctx context.Context) error {
	err := p.collect(ctx, 0)
	if perr := p.group.Wait(); perr != nil {
		return fmt.Errorf("store chunks: %w", perr)
	}
	return err
}
