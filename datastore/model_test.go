package datastore_test

import (
	"testing"

	"github.com/heirloom-backup/heirloom/datastore/internal/interleave"
)

var (
	alpha = files{"a": noise(700, 1)}
	beta  = files{"b": noise(900, 2)}
	both  = files{"a": noise(700, 1), "b": noise(900, 2)}
)

func TestModel(t *testing.T) {
	for _, c := range []struct {
		name   string
		bounds interleave.Bounds
		play   func(t *testing.T) *play
	}{
		{"a writer relies on what is collected", interleave.Bounds{Preemptions: 2, Crashes: 1}, func(t *testing.T) *play {
			s := newStage(t, has("keep", beta), lost("old", alpha))
			s.want["new"] = both
			return &play{stage: s, saves: map[string]string{"writer": "new"}, actors: []interleave.Actor{
				actor("writer", save("new", both)), actor("gc", gc(true)),
			}}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := c.play(t)
			r := interleave.Exhaust(t, c.bounds, p.scene)
			t.Logf("%+v", r)
		})
	}
}
