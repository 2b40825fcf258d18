//go:build linux

package endtoend

import (
	"cmp"
	"slices"

	"github.com/stretchr/testify/require"
)

// keep is what one does who looks after the snapshots: it is the only one who removes them and brings them back.
func (b *bout) keep() *deed {
	dice := b.random.IntN(100)
	for _, choice := range []struct {
		below int
		do    func() *deed
	}{{25, b.prune}, {45, b.forget}, {60, b.undelete}, {70, b.hold}, {80, b.release}, {95, b.gc}} {
		if dice < choice.below {
			if d := choice.do(); d != nil {
				return d
			}
		}
	}
	return b.list(nil, nil)
}

// alter runs what changes one snapshot, looks in a listing what came of it, and has that checked.
func (b *bout) alter(f *fate, args []string, excuse func(ended) bool, check func(e ended, was, is *fate)) *deed {
	f.busy, f.changed = true, b.tick()
	return &deed{args: args, excuse: excuse, then: func(e ended) *deed {
		return b.list([]*fate{f}, func(was, is *fate) { check(e, was, is) })
	}}
}

// forget removes a snapshot, or tries to. Not the newest: its backup may still be about to say so.
func (b *bout) forget() *deed {
	f := oneOf(b.random, b.register.known(func(f *fate) bool { return !f.gone && b.register.rank(f) > 0 }))
	if f == nil {
		return nil
	}
	if f.held {
		return b.alter(f, []string{"forget", f.address}, saying("is held"), func(e ended, _, is *fate) {
			require.False(b.t, e.done(), "%s is held", f.address)
			require.False(b.t, is.gone, "%s is held", f.address)
			require.True(b.t, is.held, f.address)
		})
	}
	f.removed = b.tick()
	return b.alter(f, []string{"forget", f.address}, nil, func(e ended, _, is *fate) {
		require.True(b.t, is.gone || e.struck, f.address)
		require.False(b.t, is.held, f.address)
		b.removedOrWounded(is)
	})
}

// removedOrWounded notes what came of a removal.
func (b *bout) removedOrWounded(f *fate) {
	if f.wounded = !f.gone; f.gone {
		b.tally["snapshots removed"]++
	}
}

// undelete brings a snapshot back, unless a collection was there since it was removed and left nothing of it.
func (b *bout) undelete() *deed {
	gone := b.register.known(func(f *fate) bool { return f.gone && !f.lost })
	slices.SortFunc(gone, func(f, g *fate) int { return cmp.Compare(g.removed, f.removed) })
	f := oneOf(b.random, gone[:min(len(gone), 3)]) // of others nothing may be left
	if f == nil {
		return nil
	}
	excuse := func(e ended) bool {
		collected := b.collecting > 0 || b.collected > f.removed
		return collected && saying("it is too late", "no such snapshot")(e)
	}
	return b.alter(f, []string{"undelete", f.address}, excuse, func(e ended, _, is *fate) {
		require.False(b.t, is.held, f.address)
		require.False(b.t, e.done() && is.gone, f.address)
		require.False(b.t, e.failed && !is.gone, f.address)
		is.lost = e.failed
		if !is.gone {
			is.wounded = false
			b.tally["snapshots brought back"]++
		}
	})
}

// hold keeps a snapshot from being removed. That is refused for one that somebody began to remove.
func (b *bout) hold() *deed {
	f := oneOf(b.random, b.register.known(func(f *fate) bool { return !f.gone && b.register.rank(f) > 0 }))
	if f == nil || len(b.register.known(func(f *fate) bool { return f.held })) > 5 {
		return nil
	}
	began := *f
	excuse := func(e ended) bool { return f.wounded && saying("it is being removed")(e) }
	return b.alter(f, []string{"hold", f.address, "--reason", "test"}, excuse, func(e ended, _, is *fate) {
		require.False(b.t, is.gone, f.address)
		require.True(b.t, is.held || !began.held && !e.done(), f.address)
	})
}

// release ends holds.
func (b *bout) release() *deed {
	f := oneOf(b.random, b.register.known(func(f *fate) bool { return f.held }))
	if f == nil {
		return nil
	}
	return b.alter(f, []string{"release", f.address}, nil, func(e ended, _, is *fate) {
		require.False(b.t, is.gone, f.address)
		require.False(b.t, e.done() && is.held, f.address)
	})
}
