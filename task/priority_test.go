package task

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Of tasks that may all go ahead, the one of the highest priority does, and among equals the one that came first.
func TestPrioritiesAtRandom(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		priorities := rapid.SliceOfN(rapid.IntRange(-2, 2), 1, 40).Draw(rt, "priorities")
		var order []int
		play(t, Options{Slots: 1}, func(s *scene) {
			s.Pause()
			for i, p := range priorities {
				spec := chore("copy")
				spec.Priority = p
				s.submit(spec, func(context.Context, *Run) error {
					order = append(order, i)
					return nil
				})
			}
			s.Resume()
			require.NoError(s, s.Drain(s.Context()))
		})
		require.Len(rt, order, len(priorities))
		for k := range order[1:] {
			a, b := order[k], order[k+1]
			require.True(rt, priorities[a] > priorities[b] || priorities[a] == priorities[b] && a < b, "%v", order)
		}
	})
}
