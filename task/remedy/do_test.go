package remedy_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task/remedy"
)

// script returns a function that fails with one error after the other, then succeeds, and notes when it was called.
func script(calls *[]time.Duration, errs ...error) func(context.Context) error {
	begun := time.Now()
	return func(context.Context) error {
		*calls = append(*calls, time.Since(begun))
		if n := len(*calls); n <= len(errs) {
			return errs[n-1]
		}
		return nil
	}
}

func TestDo(t *testing.T) {
	retry := remedy.Retry{Attempts: 3, First: 4 * time.Second}
	for name, tc := range map[string]struct {
		errs  []error
		want  error
		calls int
		text  string
	}{
		"success at once":            {nil, nil, 1, ""},
		"success after two failures": {[]error{errLocked, errLocked}, nil, 3, ""},
		"no attempt left":            {[]error{errLocked, errLocked, errLocked}, errLocked, 3, "attempt 3: store is locked"},
		"what does not pass":         {[]error{errTorn}, errTorn, 1, "pack is torn"},
		"what does not pass, later":  {[]error{errLocked, errTorn}, errTorn, 2, "attempt 2: pack is torn"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var calls []time.Duration
				err := retry.Do(t.Context(), table(), script(&calls, tc.errs...))
				require.ErrorIs(t, err, tc.want)
				if tc.text != "" {
					require.EqualError(t, err, tc.text)
				}
				require.Len(t, calls, tc.calls)
			})
		})
	}
}

func TestDoPauses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls []time.Duration
		retry := remedy.Retry{Attempts: 9, First: 4 * time.Second, Most: 6 * time.Second}
		require.NoError(t, retry.Do(t.Context(), table(), script(&calls, errLocked, errLocked, errLocked)))
		require.Len(t, calls, 4)
		for i, longest := range []time.Duration{4 * time.Second, 6 * time.Second, 6 * time.Second} {
			pause := calls[i+1] - calls[i]
			require.LessOrEqual(t, pause, longest)
			require.GreaterOrEqual(t, pause, longest/2)
		}
	})
}

func TestDoStopsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		begun := time.Now()
		var calls []time.Duration
		err := remedy.Retry{Attempts: 9, First: time.Hour}.Do(ctx, table(), script(&calls, errLocked))
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.ErrorIs(t, err, errLocked)
		require.EqualError(t, err, "context deadline exceeded before attempt 2; the last one: store is locked")
		require.Equal(t, time.Minute, time.Since(begun), "it does not sit the pause out")
		require.Len(t, calls, 1)
	})
}

// A context that ends during an attempt allows no other, even if the failure may pass and the pause is over as soon as it
// begins. Both are ready then, and it takes a few rounds to see each of them come first.
func TestDoAfterItsContextEnded(t *testing.T) {
	for range 50 {
		ctx, cancel := context.WithCancel(t.Context())
		calls := 0
		err := remedy.Retry{Attempts: 9, First: 1, Most: 1}.Do(ctx, table(), func(context.Context) error {
			calls++
			cancel()
			return errLocked
		})
		require.ErrorIs(t, err, context.Canceled)
		require.Equal(t, 1, calls)
	}
}
