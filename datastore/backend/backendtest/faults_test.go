package backendtest_test

import (
	"context"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
)

func TestDelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, inside := faulty(t)
		f.Delay(backendtest.Put, "packs/", 1, func(ctx context.Context) error {
			select {
			case <-time.After(time.Hour):
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
		start := time.Now()
		done := make(chan error)
		go func() { done <- f.Put(t.Context(), "packs/1", nil) }()
		synctest.Wait()
		require.Empty(t, names(t, inside, ""), "it waits before anything happens")
		require.NoError(t, <-done)
		require.Equal(t, time.Hour, time.Since(start))
		require.Equal(t, []string{"packs/1"}, names(t, inside, ""))
	})
}

func TestDelayEndsWithAnError(t *testing.T) {
	f, inside := faulty(t)
	f.Delay(backendtest.Put, "", 1, func(context.Context) error { return errDisk })
	require.ErrorIs(t, f.Put(t.Context(), "a", nil), errDisk)
	require.Empty(t, names(t, inside, ""))
}

func TestLose(t *testing.T) {
	ctx := t.Context()
	f, inside := faulty(t, "a", "b")
	f.Lose(backendtest.Put, "", 1)
	f.Lose(backendtest.Delete, "b", 1)
	require.NoError(t, f.Put(ctx, "c", nil))
	require.NoError(t, f.Delete(ctx, "b"))
	require.ElementsMatch(t, []string{"a", "b"}, names(t, inside, ""))
	require.NoError(t, f.Delete(ctx, "b"))
	require.Equal(t, []string{"a"}, names(t, inside, ""))
}

func TestOverwrite(t *testing.T) {
	ctx := t.Context()
	f, inside := faulty(t, "a")
	f.Overwrite("a", 1)
	require.NoError(t, f.Put(ctx, "a", []byte("other")))
	require.Equal(t, "other", content(t, inside, "a"))
	require.ErrorIs(t, f.Put(ctx, "a", nil), backend.ErrExist)
}

func TestCutRead(t *testing.T) {
	ctx := t.Context()
	f, inside := faulty(t)
	require.NoError(t, inside.Put(ctx, "a", []byte("123456")))
	f.CutRead("a", 1, 3, errDisk)
	f.CutRead("a", 2, 3, nil)
	f.CutRead("a", 3, 6, errDisk)
	for _, want := range []struct {
		text string
		err  error
	}{{"234", errDisk}, {"234", nil}, {"23456", nil}, {"23456", nil}} {
		r, err := f.Get(ctx, "a", 1, -1)
		require.NoError(t, err)
		got, err := io.ReadAll(r)
		require.Equal(t, want.err, err)
		require.Equal(t, want.text, string(got))
		require.NoError(t, r.Close())
	}
	f.CutRead("absent", 1, 0, nil)
	_, err := f.Get(ctx, "absent", 0, -1)
	require.ErrorIs(t, err, backend.ErrNotFound)
}
