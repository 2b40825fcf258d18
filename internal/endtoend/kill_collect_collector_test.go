//go:build linux

package endtoend

import (
	"fmt"
	"os"

	"github.com/stretchr/testify/require"
)

// collect is what one does who frees space, and reads what is there.
func (b *bout) collect() *deed {
	switch dice := b.random.IntN(100); {
	case dice < 45:
		return b.gc()
	case dice < 60:
		return b.verify()
	case dice < 95:
		if d := b.restoreOne(); d != nil {
			return d
		}
	case dice < 97:
		return &deed{args: []string{"rebuild"}}
	}
	return b.list(nil, nil)
}

// gc frees space; now and then it takes running backups for dead, or carries out a plan.
func (b *bout) gc() *deed {
	switch dice := b.random.IntN(100); {
	case dice < 25:
		return b.gcByPlan()
	case dice < 50:
		return &deed{args: []string{"gc", "--json", "--fence"}, then: b.freed}
	default:
		return &deed{args: []string{"gc", "--json"}, then: b.freed}
	}
}

func (b *bout) gcByPlan() *deed {
	return &deed{args: []string{"gc", "--plan", "--json"}, then: func(e ended) *deed {
		if !e.done() {
			return nil
		}
		plan := b.path(fmt.Sprintf("plan%d", b.tick())) // several may be about to be carried out
		require.NoError(b.t, os.WriteFile(plan, []byte(e.stdout), 0o600))
		return &deed{args: []string{"gc", "--json", "--apply", plan}, excuse: overtaken, then: b.freed}
	}}
}

// freed counts what a collection says.
func (b *bout) freed(e ended) *deed {
	if !e.done() {
		return nil
	}
	var c struct {
		PacksRemoved int   `json:"packs_removed"`
		BytesFreed   int   `json:"bytes_freed"`
		BytesCopied  int   `json:"bytes_copied"`
		Fenced       []any `json:"fenced"`
		Waiting      []any `json:"waiting"`
		Damaged      []any `json:"damaged"`
	}
	require.True(b.t, e.read(&c), e.stdout)
	require.Empty(b.t, c.Damaged, e.stdout)
	b.tally["gc: packs removed"] += c.PacksRemoved
	b.tally["gc: bytes freed"] += c.BytesFreed
	b.tally["gc: bytes copied"] += c.BytesCopied
	b.tally["gc: sessions fenced"] += len(c.Fenced)
	b.tally["gc: sessions waited for"] += len(c.Waiting)
	return nil
}
