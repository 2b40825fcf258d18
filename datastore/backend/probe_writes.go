package backend

import (
	"context"
	"errors"
	"fmt"
)

// getAfterPut puts all objects and reads each as soon as it is put.
func (p *prober) getAfterPut(ctx context.Context) (string, error) {
	p.wrote = true
	return p.each(ctx, len(p.names), func(ctx context.Context, i int) (string, error) {
		name := p.names[i]
		err := p.b.Put(ctx, name, content(name))
		if errors.Is(err, ErrExist) {
			return fmt.Sprintf("the new name %s is said to exist", name), nil
		}
		if err != nil {
			return "", err
		}
		return p.whole(ctx, name, content(name))
	})
}

// putTwice puts an object once more.
func (p *prober) putTwice(ctx context.Context) (string, error) {
	name := p.names[0]
	before, err := p.read(ctx, name, 0, -1)
	if unlessAbsent(err) != nil {
		return "", err
	}
	err = p.b.Put(ctx, name, []byte("other "+name))
	if err == nil {
		return fmt.Sprintf("a second put of %s succeeded", name), nil
	}
	if !errors.Is(err, ErrExist) {
		return "", err
	}
	return p.whole(ctx, name, before)
}

// putAtOnce puts one name several times at once: where storage first looks and then writes, more than one succeeds.
func (p *prober) putAtOnce(ctx context.Context) (string, error) {
	const rivals = 4
	winners := make(chan byte, rivals)
	_, err := p.each(ctx, rivals, func(ctx context.Context, i int) (string, error) {
		err := p.b.Put(ctx, p.contested, []byte{byte(i)})
		if err == nil {
			winners <- byte(i)
		}
		if errors.Is(err, ErrExist) {
			return "", nil
		}
		return "", err
	})
	if err != nil {
		return "", err
	}
	if len(winners) != 1 {
		return fmt.Sprintf("%d of %d puts of %s at once succeeded", len(winners), rivals, p.contested), nil
	}
	return p.whole(ctx, p.contested, []byte{<-winners})
}

// deleted returns the objects that are deleted while the others stay to be listed.
func (p *prober) deleted() []string { return p.names[:(len(p.names)+1)/2] }

// deleteOne asks whether deleting is allowed. Some storages refuse it on purpose.
func (p *prober) deleteOne(ctx context.Context) (string, error) {
	err := p.b.Delete(ctx, p.names[0])
	if errors.Is(err, ErrReadOnly) {
		p.stuck = true
		return fmt.Sprintf("it is refused, and what the probe has put stays as %s*: %v", p.prefix, err), nil
	}
	return "", unlessAbsent(err)
}

// getAfterDelete deletes objects and asks for each as soon as it is deleted.
func (p *prober) getAfterDelete(ctx context.Context) (string, error) {
	return p.each(ctx, len(p.deleted()), func(ctx context.Context, i int) (string, error) {
		name := p.names[i]
		if err := unlessAbsent(p.b.Delete(ctx, name)); err != nil { // if that was an error, deleteAgain shows it
			return "", err
		}
		return p.absent(ctx, name)
	})
}

// deleteAgain deletes what is deleted.
func (p *prober) deleteAgain(ctx context.Context) (string, error) {
	return p.each(ctx, len(p.deleted()), func(ctx context.Context, i int) (string, error) {
		err := p.b.Delete(ctx, p.names[i])
		if errors.Is(err, ErrNotFound) {
			return fmt.Sprintf("it fails: %v", err), nil
		}
		return "", err
	})
}
