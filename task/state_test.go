package task

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTransitions(t *testing.T) {
	allowed := map[[2]State]bool{
		{"", Queued}:         true,
		{Queued, Running}:    true,
		{Queued, Failed}:     true,
		{Queued, Cancelled}:  true,
		{Running, Queued}:    true,
		{Running, OK}:        true,
		{Running, Warning}:   true,
		{Running, Failed}:    true,
		{Running, Cancelled}: true,
	}
	all := append(States(), "", "OK", "lost")
	for _, from := range all {
		for _, to := range all {
			require.Equal(t, allowed[[2]State{from, to}], from.CanBecome(to), "from %q to %q", from, to)
			err := CheckTransition(from, to)
			if allowed[[2]State{from, to}] {
				require.NoError(t, err)
				continue
			}
			require.ErrorIs(t, err, ErrTransition)
			require.ErrorContains(t, err, string(to))
		}
	}
}

func TestStates(t *testing.T) {
	require.Equal(t, []State{Queued, Running, OK, Warning, Failed, Cancelled}, States())
	require.Equal(t, []State{OK, Warning, Failed, Cancelled}, FinalStates())
	for _, s := range States() {
		require.True(t, s.Valid())
		require.Equal(t, s != Queued && s != Running, s.Final())
		parsed, err := ParseState(string(s))
		require.NoError(t, err)
		require.Equal(t, s, parsed)
	}
	for _, s := range []State{"", "OK", "lost", " ok"} {
		require.False(t, s.Valid())
		require.False(t, s.Final())
		_, err := ParseState(string(s))
		require.ErrorContains(t, err, "queued, running, ok, warning, failed, cancelled")
	}
}

func TestRecordsSurviveJSON(t *testing.T) {
	play(t, Options{}, func(s *scene) {
		spec := chore("copy")
		spec.Target, spec.Key, spec.Priority, spec.Payload = "tape-7", "k", -3, []byte(`{"a":[1]}`)
		rec, _ := s.wait(s.submit(spec, func(_ context.Context, run *Run) error {
			run.Stage("write", progressTotal(10)).AddBytes(7)
			run.Warn("file", errBroken)
			return errBroken
		}))
		data, err := json.Marshal(rec)
		require.NoError(s, err)
		var back Record
		require.NoError(s, json.Unmarshal(data, &back))
		require.Equal(s, rec, back)
	})
}
