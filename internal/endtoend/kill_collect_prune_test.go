//go:build linux

package endtoend

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/stretchr/testify/require"
)

// pruning is a removal of the snapshots of a group but the newest few.
type pruning struct {
	*bout
	group string
	keep  int
	done  *struct{ Removed []string } // what it says it removed, if it could
	were  []*fate                     // those of the group that were there
}

// overtaken excuses who is refused because snapshots came, or were verified, since a plan was made, be it only just now.
func overtaken(e ended) bool { return saying("the store has changed since")(e) }

// prune removes snapshots by a policy, at once or by a plan that is kept.
func (b *bout) prune() *deed {
	name := fmt.Sprintf("data%d", b.random.IntN(len(b.saver.lands)))
	p := &pruning{bout: b, group: "dataset/" + name, keep: 2 + b.random.IntN(3)}
	args := []string{"prune", "--json", "--name", name, "--keep", fmt.Sprintf("keep-last=%d", p.keep)}
	if b.chance(75) {
		return p.run(args)
	}
	return &deed{args: append(args, "--simulate"), then: func(e ended) *deed {
		if !e.done() {
			return nil
		}
		require.NoError(b.t, os.WriteFile(b.path("prune.json"), []byte(e.stdout), 0o600))
		return p.run([]string{"prune", "--json", "--apply", "prune.json"})
	}}
}

func (p *pruning) run(args []string) *deed {
	for _, f := range p.subjects() {
		if !f.held {
			f.busy, f.changed, f.removed = true, p.tick(), p.tick()
		}
	}
	return &deed{args: args, excuse: overtaken, then: func(e ended) *deed {
		p.done = nil
		if !e.struck {
			p.done = &struct{ Removed []string }{}
			require.True(p.t, e.failed || e.read(p.done), e.stdout)
		}
		p.were = p.subjects()
		return p.list(p.were, p.check)
	}}
}

// subjects returns the snapshots of the group.
func (p *pruning) subjects() []*fate {
	return p.register.known(func(f *fate) bool { return !f.gone && strings.HasPrefix(f.address, p.group+"/") })
}

// kept says whether a snapshot is one of the newest, others counted that were there or have turned up.
func (p *pruning) kept(f *fate) bool {
	newer := map[*fate]bool{}
	for _, other := range slices.Concat(p.were, p.subjects()) {
		if other.address > f.address {
			newer[other] = true
		}
	}
	return len(newer) < p.keep
}

// check looks at what became of a snapshot.
func (p *pruning) check(was, is *fate) {
	require.False(p.t, is.gone && (p.kept(is) || was.held), "%s was to stay", is.address)
	require.Equal(p.t, was.held, is.held, is.address)
	if p.done != nil {
		require.Equal(p.t, slices.Contains(p.done.Removed, is.address), is.gone, is.address)
	}
	switch {
	case is.gone:
		p.removedOrWounded(is)
	case p.done == nil:
		is.wounded = true
	}
}
