package interleave_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
	"github.com/heirloom-backup/heirloom/datastore/internal/interleave"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// puts returns an actor that stores n objects of its own.
func puts(name string, n int) interleave.Actor {
	return interleave.Actor{Name: name, Run: func(ctx context.Context, b backend.Backend) error {
		for i := range n {
			if err := b.Put(ctx, fmt.Sprintf("%s/%d", name, i), nil); err != nil {
				return err
			}
		}
		return nil
	}}
}

func scene(actors ...interleave.Actor) interleave.Builder {
	return func(*testing.T) interleave.Scene { return interleave.Scene{Storage: mem.New(), Actors: actors} }
}

// adder adds one to a counter that is kept as the highest number below "n/": read, then write. Two that read the same
// number lose an update unless they look at the outcome of the write.
func adder(name string) interleave.Actor {
	return interleave.Actor{Name: name, Run: func(ctx context.Context, b backend.Backend) error {
		names, err := backend.Names(ctx, b, "n/")
		if err != nil {
			return err
		}
		err = b.Put(ctx, fmt.Sprintf("n/%d", len(names)), nil)
		if errors.Is(err, backend.ErrExist) {
			return nil // the flaw: the other's update is taken for this one's
		}
		return err
	}}
}

func counter(actors ...interleave.Actor) interleave.Builder {
	return func(t *testing.T) interleave.Scene {
		storage := mem.New()
		return interleave.Scene{Storage: storage, Actors: actors, Check: func(outcomes map[string]error) error {
			finished := 0
			for _, err := range outcomes {
				if err == nil {
					finished++
				}
			}
			names, err := backend.Names(t.Context(), storage, "n/")
			if err == nil && len(names) < finished {
				err = fmt.Errorf("%d updates are in the storage, %d were made", len(names), finished)
			}
			return err
		}}
	}
}

// violation returns the error as a violation whose message contains the words.
func violation(t *testing.T, err error, words ...string) *interleave.Violation {
	t.Helper()
	var v *interleave.Violation
	require.ErrorAs(t, err, &v)
	for _, w := range words {
		require.Contains(t, v.Error(), w)
	}
	return v
}

// once returns a scene builder that makes another scene the second time and later.
func once(first, later interleave.Builder) interleave.Builder {
	made := false
	return func(t *testing.T) interleave.Scene {
		if made {
			return later(t)
		}
		made = true
		return first(t)
	}
}

func lines(s string) []string { return strings.Split(strings.TrimSpace(s), "\n") }
