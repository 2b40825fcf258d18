package backup

import (
	"context"
	"iter"
	"time"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// previous walks a folder of the parent snapshot alongside the folder itself: both are in order of names.
type previous struct {
	next    func() (tree.Entry, error, bool)
	stop    func()
	current tree.Entry
	ok      bool
}

// previous opens the parent's folder. One that cannot be read is like none: everything is read again.
func (r *run) previous(ctx context.Context, dir chunk.ID) *previous {
	if dir.IsZero() {
		return &previous{}
	}
	p := &previous{}
	p.next, p.stop = iter.Pull2(tree.Entries(ctx, r.store.Node, dir))
	p.advance()
	return p
}

func (p *previous) advance() {
	e, err, ok := p.next()
	p.current, p.ok = e, ok && err == nil
}

// find returns the entry called name, nil if there is none. Names are asked for in order.
func (p *previous) find(name string) *tree.Entry {
	for p.ok && p.current.Name < name {
		p.advance()
	}
	if !p.ok || p.current.Name != name {
		return nil
	}
	return new(p.current)
}

func (p *previous) close() {
	if p.stop != nil {
		p.stop()
	}
}

// unchanged says whether a file's metadata shows that its content is what the parent snapshot has.
func (r *run) unchanged(e, old *tree.Entry) bool {
	return old != nil && old.Type == tree.File && old.Size == e.Size && old.ModTime == e.ModTime &&
		old.ChangeTime == e.ChangeTime && old.Inode == e.Inode && old.Mode == e.Mode && !e.ModTime.IsZero() && r.settled(e)
}

// Clock granularities of file systems: times with a fraction of a second come from a kernel tick, others perhaps from
// a file system that counts in steps of two seconds.
const (
	fineTick   = 20 * time.Millisecond
	coarseTick = 2 * time.Second
)

// settled says whether the entry's times lie clearly before the parent's run. One changed within the clock's
// granularity of it could have changed again, after it was read, without its times telling.
func (r *run) settled(e *tree.Entry) bool {
	latest := e.ModTime.Time()
	if c := e.ChangeTime.Time(); c.After(latest) {
		latest = c
	}
	tick := fineTick
	if latest.Nanosecond() == 0 {
		tick = coarseTick
	}
	return latest.Add(tick).Before(r.parent.Started)
}
