package backendtest_test

import (
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
)

func TestCrashEndsEverything(t *testing.T) {
	ctx := t.Context()
	f, inside := faulty(t, "a", "b")
	r, err := f.Get(ctx, "a", 0, -1)
	require.NoError(t, err)
	for _, err := range f.List(ctx, "") {
		if f.Crashed() {
			require.ErrorIs(t, err, backendtest.ErrCrashed, "a listing does not survive")
			break
		}
		require.NoError(t, err)
		f.Crash()
	}
	_, err = io.ReadAll(r)
	require.ErrorIs(t, err, backendtest.ErrCrashed, "nor a reader")
	require.NoError(t, r.Close())

	require.ErrorIs(t, f.Put(ctx, "c", nil), backendtest.ErrCrashed)
	require.ErrorIs(t, f.Delete(ctx, "a"), backendtest.ErrCrashed)
	_, err = f.Get(ctx, "a", 0, -1)
	require.ErrorIs(t, err, backendtest.ErrCrashed)
	_, err = backend.Names(ctx, f, "")
	require.ErrorIs(t, err, backendtest.ErrCrashed)
	require.ElementsMatch(t, []string{"a", "b"}, names(t, inside, ""))
	require.Len(t, f.Calls(), 2, "what comes after a crash is not noted")
}

func TestCrashBeforeAndAfter(t *testing.T) {
	for name, c := range map[string]struct {
		script func(*backendtest.Faulty)
		stored []string
	}{
		"before a put": {func(f *backendtest.Faulty) { f.CrashBefore(backendtest.Put, "", 2) }, []string{"1"}},
		"after a put":  {func(f *backendtest.Faulty) { f.CrashAfter(backendtest.Put, "", 2) }, []string{"1", "2"}},
		"in the hook before": {func(f *backendtest.Faulty) {
			f.Before(func(c backendtest.Call) {
				if c.Name == "2" {
					f.Crash()
				}
			})
		}, []string{"1"}},
		"in the hook after": {func(f *backendtest.Faulty) {
			f.After(func(c backendtest.Call) {
				if c.Name == "2" {
					f.Crash()
				}
			})
		}, []string{"1", "2"}},
	} {
		t.Run(name, func(t *testing.T) {
			f, inside := faulty(t)
			c.script(f)
			require.NoError(t, f.Put(t.Context(), "1", nil))
			require.ErrorIs(t, f.Put(t.Context(), "2", nil), backendtest.ErrCrashed)
			require.ErrorIs(t, f.Put(t.Context(), "3", nil), backendtest.ErrCrashed)
			require.True(t, f.Crashed())
			require.ElementsMatch(t, c.stored, names(t, inside, ""))
		})
	}
}

func TestCrashAfterGetAndList(t *testing.T) {
	f, inside := faulty(t, "a")
	f.CrashAfter(backendtest.Get, "", 1)
	_, err := f.Get(t.Context(), "a", 0, -1)
	require.ErrorIs(t, err, backendtest.ErrCrashed)

	f = backendtest.New(inside)
	f.CrashAfter(backendtest.List, "", 1)
	_, err = backend.Names(t.Context(), f, "")
	require.ErrorIs(t, err, backendtest.ErrCrashed)
}
