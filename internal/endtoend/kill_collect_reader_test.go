//go:build linux

package endtoend

import (
	"fmt"
	"os"
	"slices"

	"github.com/stretchr/testify/require"
)

// verify reads all of the store. Whoever was there all the time is there, and nobody is damaged.
func (b *bout) verify() *deed {
	return &deed{args: []string{"verify", "--json"}, then: func(e ended) *deed {
		if !e.done() {
			return nil
		}
		var results []struct{ Snapshot, Result string }
		require.True(b.t, e.read(&results), e.stdout)
		seen := map[string]bool{}
		for _, r := range results {
			require.Equal(b.t, "OK", r.Result, r.Snapshot)
			seen[r.Snapshot] = true
		}
		for _, f := range b.register.present() {
			require.True(b.t, seen[f.address] || !f.steady(e.began), "%s was not verified", f.address)
		}
		return nil
	}}
}

// restoreOne restores a snapshot that nobody is just about to change; most often an old one, which went through more.
func (b *bout) restoreOne() *deed {
	list := b.register.known(func(f *fate) bool { return !f.gone && !f.busy })
	if len(list) == 0 {
		return nil
	}
	return b.restore(list[min(b.random.IntN(len(list)), b.random.IntN(len(list)))])
}

// restore restores a snapshot. That may fail only if somebody removes it meanwhile.
func (b *bout) restore(f *fate) *deed {
	dest := b.path(fmt.Sprintf("back%d", b.tick()))
	return &deed{
		args:   []string{"restore", f.address, dest},
		excuse: func(e ended) bool { return !f.steady(e.began) && (e.status == 1 || e.status == 4) },
		then: func(e ended) *deed {
			if e.done() {
				b.compare(f, look(b.t, dest))
			}
			require.NoError(b.t, os.RemoveAll(dest))
			return nil
		},
	}
}

// compare compares a folder that was restored with what was saved. Of a snapshot whose backup could not say so, it tells
// which folder that was.
func (b *bout) compare(f *fate, got tableau) {
	b.t.Helper()
	if len(f.want) == 1 {
		requireSame(b.t, f.want[0], got)
		return
	}
	is := slices.ContainsFunc(f.want, func(want tableau) bool { return len(want.differences(got)) == 0 })
	require.True(b.t, is, "%s is none of %d folders that somebody tried to save", f.address, len(f.want))
	f.want = []tableau{got}
}

// checkAll checks the listing, verifies all, and restores all.
func (b *bout) checkAll() {
	b.alone(b.list(nil, nil))
	b.alone(b.verify())
	for _, f := range b.register.present() {
		b.alone(b.restore(f))
	}
}
