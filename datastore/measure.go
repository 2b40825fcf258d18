package datastore

import "context"

// measure adds to a plan what comes of it. It lays out the copies as the run would, and adds up their sizes.
func (c *collector) measure(ctx context.Context, p *CollectionPlan) error {
	p.SessionsAwaited = len(c.survey.sessions)
	roles := c.leaving(p.packs())
	if err := c.measureCopies(ctx, p, roles); err != nil {
		return err
	}
	for n := range roles {
		state := &c.survey.packs[n]
		switch {
		case roles[n] == leaves: // what is needed of it will have a copy by then
			p.PacksRemoved, p.BytesRemoved = p.PacksRemoved+1, p.BytesRemoved+state.size
			roles[n] = stays
		case state.listed && state.condemned:
			p.PacksRemoved, p.BytesRemoved = p.PacksRemoved+1, p.BytesRemoved+state.size
			roles[n] = leaves
		}
	}
	if err := c.measureCopies(ctx, p, roles); err != nil {
		return err
	}
	p.BytesFreed = p.BytesRemoved - p.BytesCopied
	return nil
}

func (c *collector) measureCopies(ctx context.Context, p *CollectionPlan, roles []role) error {
	counted := c.census(roles, nil)
	if err := counted.take(); err != nil {
		return err
	}
	dropped, err := counted.dropped()
	if err != nil {
		return err
	}
	p.ChunksRemoved += dropped
	m, err := c.moves(counted)
	if err != nil {
		return err
	}
	m.done = func(_ context.Context, l *layout) error {
		p.BytesCopied += l.bytes(c.store)
		return nil
	}
	return m.run(ctx)
}
