//go:build linux

package endtoend

import (
	"slices"

	"github.com/stretchr/testify/require"
)

// list lists the snapshots and compares that with what is known. Somebody may just have changed some of them; what became
// of those is entered, and passed to check. There may be none.
func (b *bout) list(subjects []*fate, check func(was, is *fate)) *deed {
	return &deed{args: []string{"snapshots", "--json"}, spared: true, then: func(e ended) *deed {
		listed := b.inventory(e)
		before := map[*fate]fate{}
		for _, f := range subjects {
			before[f] = *f
			now, there := listed[f.address]
			f.gone, f.held, f.busy, f.changed = !there, now.held, false, b.tick()
		}
		for _, f := range b.register.known(func(f *fate) bool { return f.steady(e.began) }) {
			now, there := listed[f.address]
			require.Equal(b.t, !f.gone, there, "%s is listed, or else it is gone", f.address)
			require.Equal(b.t, f.held, now.held, "%s is held, or else not", f.address)
		}
		for _, f := range subjects {
			was := before[f]
			check(&was, f)
		}
		return nil
	}}
}

// inventory is a listing of the store, by address.
type inventory map[string]listedSnapshot

type listedSnapshot struct{ held bool }

// inventory reads a listing, and enters those that nobody has told of: their backups were killed, or still run.
func (b *bout) inventory(e ended) inventory {
	var snapshots []struct {
		Snapshot       string
		Held, Complete bool
	}
	require.True(b.t, e.read(&snapshots), e.stdout)
	listed := inventory{}
	for _, sn := range snapshots {
		require.True(b.t, sn.Complete, sn.Snapshot)
		listed[sn.Snapshot] = listedSnapshot{sn.Held}
		if b.register.fates[sn.Snapshot] == nil {
			f := &fate{address: sn.Snapshot, held: sn.Held, changed: b.tick()}
			f.want = slices.Clone(b.register.attempts[f.group()])
			require.NotEmpty(b.t, f.want, "nobody has made %s", f.address)
			b.register.fates[f.address] = f
			b.tally["snapshots of backups that could not say so, yet or ever"]++
		}
	}
	return listed
}
