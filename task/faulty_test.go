package task

import "context"

// faulty is a store whose claims do what a script says before they change a record.
type faulty struct {
	Store
	update func(Record) error // before each update; an error is returned in its place
}

func (f *faulty) Create(ctx context.Context, r Record) (Claim, error) {
	c, err := f.Store.Create(ctx, r)
	if err != nil {
		return nil, err
	}
	return &faultyClaim{c, f}, nil
}

type faultyClaim struct {
	Claim
	store *faulty
}

func (c *faultyClaim) Update(ctx context.Context, r Record) error {
	if err := c.store.update(r); err != nil {
		return err
	}
	return c.Claim.Update(ctx, r)
}
