package backend_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
)

var errNetwork = errors.New("connection reset")

// flaky returns a backend with one object whose first n calls of each kind fail.
func flaky(t *testing.T, n int) *backendtest.Faulty {
	t.Helper()
	inside := mem.New()
	require.NoError(t, inside.Put(t.Context(), "a", []byte("x")))
	f := backendtest.New(inside)
	for _, kind := range []backend.Kind{backendtest.Put, backendtest.Get, backendtest.List, backendtest.Delete} {
		for nth := 1; nth <= n; nth++ {
			f.Fail(kind, "", nth, errNetwork)
		}
	}
	return f
}

func TestRetryUntilItWorks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := t.Context()
		f := flaky(t, 4)
		b := backend.Retry(f, backend.RetryOptions{})
		got, err := backend.ReadAll(ctx, b, "a", 10)
		require.NoError(t, err)
		require.Equal(t, "x", string(got))
		names, err := backend.Names(ctx, b, "")
		require.NoError(t, err)
		require.Equal(t, []string{"a"}, names)
		require.NoError(t, b.Delete(ctx, "a"))
		for _, kind := range []backend.Kind{backendtest.Get, backendtest.List, backendtest.Delete} {
			require.Equal(t, 5, f.Count(kind, ""), kind)
		}
	})
}

func TestRetryGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := flaky(t, 100)
		b := backend.Retry(f, backend.RetryOptions{Attempts: 3})
		err := b.Delete(t.Context(), "a")
		require.ErrorIs(t, err, errNetwork)
		require.ErrorContains(t, err, "3 attempts")
		require.Equal(t, 3, f.Count(backendtest.Delete, ""))
		_, err = backend.Names(t.Context(), b, "")
		require.ErrorIs(t, err, errNetwork)
	})
}

func TestRetryNeverRepeatsAPut(t *testing.T) {
	f := flaky(t, 1)
	b := backend.Retry(f, backend.RetryOptions{})
	require.ErrorIs(t, b.Put(t.Context(), "b", nil), errNetwork)
	require.Equal(t, 1, f.Count(backendtest.Put, ""))
}

func TestRetryTakesAnswersAsFinal(t *testing.T) {
	for _, answer := range []error{
		backend.ErrNotFound, backend.ErrExist, backend.ErrReadOnly, backend.ErrBadName,
		context.Canceled, context.DeadlineExceeded, backend.Permanent(errNetwork),
		fmt.Errorf("wrapped: %w", backend.Permanent(errNetwork)),
	} {
		f := backendtest.New(mem.New())
		f.Fail(backendtest.Any, "", backendtest.Every, answer)
		b := backend.Retry(f, backend.RetryOptions{})
		_, err := b.Get(t.Context(), "a", 0, -1)
		require.Equal(t, answer, err)
		_, err = backend.Names(t.Context(), b, "")
		require.ErrorIs(t, err, answer)
		require.Equal(t, 2, len(f.Calls()), answer)
	}
}

func TestRetryDoesNotRepeatAListingThatHasBegun(t *testing.T) {
	inside := mem.New()
	for _, name := range []string{"a", "b", "c"} {
		require.NoError(t, inside.Put(t.Context(), name, nil))
	}
	f := backendtest.New(inside)
	f.Cut("", 1, 2, errNetwork)
	seen, last := 0, error(nil)
	for _, err := range backend.Retry(f, backend.RetryOptions{}).List(t.Context(), "") {
		if last = err; err == nil {
			seen++
		}
	}
	require.Equal(t, 2, seen)
	require.ErrorIs(t, last, errNetwork)
	require.Equal(t, 1, f.Count(backendtest.List, ""))
}

func TestRetryWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := flaky(t, 100)
		var log bytes.Buffer
		var calls []time.Time
		f.Before(func(backendtest.Call) { calls = append(calls, time.Now()) })
		b := backend.Retry(f, backend.RetryOptions{
			Attempts: 6, Wait: time.Second, MaxWait: 5 * time.Second, Logger: slog.New(slog.NewTextHandler(&log, nil)),
		})
		require.Error(t, b.Delete(t.Context(), "a"))
		require.Len(t, calls, 6)
		for i, full := range []time.Duration{1, 2, 4, 5, 5} {
			waited := calls[i+1].Sub(calls[i])
			require.LessOrEqual(t, waited, full*time.Second)
			require.GreaterOrEqual(t, waited, full*time.Second/2-1)
		}
		require.Equal(t, 5, bytes.Count(log.Bytes(), []byte("\n")), "one line for each repetition")
		require.Contains(t, log.String(), "op=delete name=a attempt=1")
	})
}

func TestRetryStopsWaitingWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		start := time.Now()
		err := backend.Retry(flaky(t, 100), backend.RetryOptions{Wait: time.Hour, MaxWait: time.Hour}).Delete(ctx, "a")
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.ErrorIs(t, err, errNetwork, "and says what it was waiting for")
		require.Equal(t, 100*time.Millisecond, time.Since(start))
	})
}

func TestPermanentKeepsTheError(t *testing.T) {
	require.NoError(t, backend.Permanent(nil))
	err := backend.Permanent(errNetwork)
	require.ErrorIs(t, err, errNetwork)
	require.Equal(t, errNetwork.Error(), err.Error())
}
