package tasktest

import (
	"cmp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task"
)

// place is where the stores of one rule lie.
type place struct {
	harness  StoreHarness
	open     func() (task.Store, error)
	patience time.Duration
}

func newPlace(t testing.TB, h StoreHarness) *place {
	return &place{harness: h, open: h.Place(t), patience: cmp.Or(h.Patience, 10*time.Second)}
}

// store opens the place; the store is closed when the rule has been checked.
func (p *place) store(t testing.TB) task.Store {
	t.Helper()
	s, err := p.open()
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() }) // rules about Close call it themselves
	return s
}

// crash drops a store and returns what the next process opens.
func (p *place) crash(t testing.TB, s task.Store) task.Store {
	t.Helper()
	require.NoError(t, p.harness.Crash(s))
	return p.store(t)
}

// within waits for a signal that a store gives in its own time.
func within[T any](t testing.TB, p *place, signal <-chan T, what string) (value T) {
	t.Helper()
	select {
	case value = <-signal:
	case <-time.After(p.patience):
		require.FailNow(t, what+" has not happened", "after %s", p.patience)
	}
	return value
}
