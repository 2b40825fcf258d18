//go:build linux

package endtoend

import (
	"crypto/sha256"
	"strings"

	"github.com/stretchr/testify/require"
)

// finish frees all that is to be freed, and sees that all that is needed is there, and nothing else.
func (b *bout) finish() {
	for range 2 {
		b.alone(&deed{args: []string{"gc", "--fence", "--json"}, then: b.freed})
	}
	b.nothingLeft()
	b.bringBackAll()
	b.checkAll()
	b.tally["snapshots in the end"] = len(b.register.present())
}

// nothingLeft checks that the store is tidy.
func (b *bout) nothingLeft() {
	b.t.Helper()
	names := look(b.t, b.path("store"))
	var packs int64
	for name, f := range names {
		for _, folder := range []string{"condemned/", "waits/", "sessions/", "beats/"} {
			require.False(b.t, strings.HasPrefix(name, folder) && !f.folder(), "%s is left", name)
		}
		if strings.HasPrefix(name, "packs/") {
			packs += f.size
		}
	}
	var plan struct {
		Packs        []any
		PacksRemoved int `json:"packs_removed"`
	}
	b.read(&plan, "gc", "--plan")
	require.Empty(b.t, plan.Packs)
	require.Zero(b.t, plan.PacksRemoved)
	needed := b.needed()
	b.tally["end: bytes of packs"], b.tally["end: bytes of different files"] = int(packs), int(needed)
	// More than a fifth can be dead: about ten small files share a frame, which stays as long as one of them is needed.
	require.LessOrEqual(b.t, packs, 4*needed+1<<20, "bytes of packs")
}

// needed returns how many bytes all snapshots have in files, those that are the same counted once, and an estimate of what
// is said of them.
func (b *bout) needed() (sum int64) {
	seen := map[[sha256.Size]byte]bool{}
	for _, f := range b.register.present() {
		for _, file := range f.want[0] {
			if !seen[file.content] {
				seen[file.content] = true
				sum += file.size
			}
			sum += 200
		}
	}
	return sum
}

// bringBackAll undeletes all that the store says may come back, and some of which it does not say so.
func (b *bout) bringBackAll() {
	var pruned []struct{ Snapshot string }
	b.read(&pruned, "snapshots", "--pruned")
	may := map[string]bool{}
	for _, sn := range pruned {
		may[sn.Snapshot] = true
	}
	others := 5
	for _, f := range b.register.known(func(f *fate) bool { return f.gone }) {
		if may[f.address] || others > 0 {
			b.alone(b.bringBack(f))
		}
		if !may[f.address] {
			others--
		}
	}
}

// bringBack undeletes what was removed before the last collections, if it is not too late.
func (b *bout) bringBack(f *fate) *deed {
	tooLate := saying("it is too late", "no such snapshot")
	return b.alter(f, []string{"undelete", f.address}, tooLate, func(e ended, _, is *fate) {
		require.Equal(b.t, e.failed, is.gone, f.address)
		if e.done() {
			b.tally["snapshots brought back in the end"]++
		}
	})
}
