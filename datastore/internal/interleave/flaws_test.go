package interleave_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
	"github.com/heirloom-backup/heirloom/datastore/internal/interleave"
)

var all = interleave.Bounds{Preemptions: interleave.Unlimited}

func TestSceneThatIsNotDeterministic(t *testing.T) {
	two := scene(puts("a", 2), puts("b", 1))
	for name, later := range map[string]interleave.Builder{
		"another object": scene(interleave.Actor{Name: "a", Run: func(ctx context.Context, b backend.Backend) error {
			return b.Put(ctx, "other", nil)
		}}, puts("b", 1)),
		"an actor wants nothing": scene(puts("a", 2), puts("b", 0)),
		"it ends early":          scene(puts("a", 0), puts("b", 0)),
		"an actor more":          scene(puts("a", 2), puts("b", 1), puts("c", 1)),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := interleave.Search(t, all, once(two, later))
			violation(t, err, "the scene is not deterministic: this schedule")
		})
	}
}

// What goes wrong with an actor ends the search like a broken rule, and with the schedule.
func TestActorThatGoesWrong(t *testing.T) {
	for name, c := range map[string]struct {
		run  func(ctx context.Context, b backend.Backend) error
		want string
	}{
		"it fails":  {func(context.Context, backend.Backend) error { return errors.New("no luck") }, "x failed: no luck"},
		"it panics": {func(context.Context, backend.Backend) error { panic("ouch") }, "x panicked: ouch\ngoroutine"},
		"it is stuck": {func(ctx context.Context, _ backend.Backend) error { <-ctx.Done(); return nil },
			"stuck: [x] wait for something that is neither the storage nor time"},
	} {
		t.Run(name, func(t *testing.T) {
			then := func(ctx context.Context, b backend.Backend) error {
				if _, err := b.Get(ctx, "a/0", 0, 0); err != nil {
					return nil
				}
				return c.run(ctx, b)
			}
			_, err := interleave.Search(t, all, scene(interleave.Actor{Name: "x", Run: then}, puts("a", 1)))
			v := violation(t, err, c.want)
			require.Equal(t, "a x", v.Schedule)
		})
	}
}

func TestSceneThatIsNone(t *testing.T) {
	nothing := func(context.Context, backend.Backend) error { return nil }
	for name, s := range map[string]interleave.Scene{
		"no storage":                         {Actors: []interleave.Actor{puts("a", 1)}},
		"no actors":                          {Storage: mem.New()},
		"same name":                          {Storage: mem.New(), Actors: []interleave.Actor{puts("a", 1), puts("a", 1)}},
		"no name":                            {Storage: mem.New(), Actors: []interleave.Actor{{Run: nothing}}},
		"a name that a schedule cannot have": {Storage: mem.New(), Actors: []interleave.Actor{{Name: "a b", Run: nothing}}},
		"no program":                         {Storage: mem.New(), Actors: []interleave.Actor{{Name: "a"}}},
	} {
		t.Run(name, func(t *testing.T) {
			report, err := interleave.Search(t, all, func(*testing.T) interleave.Scene { return s })
			require.Error(t, err)
			require.False(t, report.Complete)
		})
	}
}
