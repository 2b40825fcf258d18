package interleave_test

import (
	"context"
	"errors"
	"testing"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
	"github.com/heirloom-backup/heirloom/datastore/internal/interleave"
)

// A reader must find the content of each label. The writer stores the content first, so no schedule breaks the rule,
// wherever the writer crashes.
func ExampleExhaust() {
	write := func(ctx context.Context, b backend.Backend) error {
		if err := b.Put(ctx, "content", []byte("...")); err != nil {
			return err
		}
		return b.Put(ctx, "label", nil)
	}
	read := func(ctx context.Context, b backend.Backend) error {
		if _, err := b.Get(ctx, "label", 0, -1); errors.Is(err, backend.ErrNotFound) {
			return nil
		}
		_, err := b.Get(ctx, "content", 0, -1)
		return err
	}
	_ = func(t *testing.T) {
		interleave.Exhaust(t, interleave.Bounds{Preemptions: interleave.Unlimited, Crashes: 1},
			func(*testing.T) interleave.Scene {
				return interleave.Scene{
					Storage: mem.New(),
					Actors:  []interleave.Actor{{Name: "writer", Run: write}, {Name: "reader", Run: read}},
				}
			})
	}
}
