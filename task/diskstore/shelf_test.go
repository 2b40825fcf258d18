package diskstore

import (
	"context"
	"errors"
	"os"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task"
	"github.com/heirloom-backup/heirloom/task/diskstore/internal/filelock"
	"github.com/heirloom-backup/heirloom/task/diskstore/internal/history"
)

// until lets others run until something is so.
func until(t *testing.T, so func() bool) {
	t.Helper()
	for begin := time.Now(); !so(); runtime.Gosched() {
		require.Less(t, time.Since(begin), time.Minute, "it never came to that")
	}
}

// TestReadersLetWritersIn has one process read while another waits to write: who comes then waits too, so that there is an
// end of readers.
func TestReadersLetWritersIn(t *testing.T) {
	dir := t.TempDir()
	patient := Options{Patience: time.Minute, Linger: -1}
	first, writer, second := open(t, dir, patient), open(t, dir, patient), open(t, dir, Options{Patience: 20 * time.Millisecond})
	look := func(*history.DB) error { return nil }
	require.NoError(t, second.shelf.read(t.Context(), look))

	reads, enough := make(chan struct{}), make(chan struct{})
	var work sync.WaitGroup
	work.Go(func() {
		assertNil(t, first.shelf.read(t.Context(), func(*history.DB) error { close(reads); <-enough; return nil }))
	})
	<-reads
	require.NoError(t, second.shelf.read(t.Context(), look), "beside another reader")
	written := make(chan struct{})
	work.Go(func() {
		assertNil(t, writer.shelf.write(t.Context(), func(*history.DB) error { close(written); return nil }))
	})
	until(t, func() bool { return lockedOut(t, writer.historyTurn()) })
	err := open(t, dir, second.o).shelf.read(t.Context(), look)
	close(enough)
	<-written
	work.Wait()
	require.ErrorIs(t, err, task.ErrBusy)
	require.NoError(t, open(t, dir, patient).shelf.read(t.Context(), look))
}

func assertNil(t *testing.T, err error) {
	if err != nil {
		t.Error(err)
	}
}

// lockedOut tells whether somebody has a file locked for himself.
func lockedOut(t *testing.T, path string) bool {
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	return filelock.TryShared(f) != nil
}

// TestWaitingForTheHistoryEndsWithTheContext has the history written by the same store, which may take long.
func TestWaitingForTheHistoryEndsWithTheContext(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	require.NoError(t, s.shelf.enter(t.Context()))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.Get(ctx, waiting(1).UPID)
	require.ErrorIs(t, err, context.Canceled)
	_, err = s.List(ctx, task.Query{})
	require.ErrorIs(t, err, context.Canceled)
	_, err = s.Totals(ctx, time.Time{}, time.Time{})
	require.ErrorIs(t, err, context.Canceled)
	_, err = s.Prune(ctx, task.Retention{}, newYear)
	require.ErrorIs(t, err, context.Canceled)
	s.shelf.leave()
}

// TestTotalsWhileRecordsAreFiledAndPruned has others file records, and remove some of them, while the totals are waited for.
func TestTotalsWhileRecordsAreFiledAndPruned(t *testing.T) {
	dir := t.TempDir()
	o := Options{Patience: time.Minute, Linger: -1, FileAt: 1000}
	filer, reader := open(t, dir, o), open(t, dir, o)
	for n := 1; n <= 9; n++ {
		makeTask(t, filer, waiting(n), begun(n), over(n))
	}
	var work sync.WaitGroup
	var sum int64
	err := filer.shelf.write(t.Context(), func(h *history.DB) error {
		work.Go(func() {
			totals, err := reader.Totals(context.WithoutCancel(t.Context()), time.Time{}, time.Time{})
			assertNil(t, err)
			for _, total := range totals {
				sum += total.Tasks
			}
		})
		until(t, func() bool { return len(reader.shelf.busy) == 1 })
		if _, err := filer.fileInto(t.Context(), h); err != nil {
			return err
		}
		removed, err := h.Prune(t.Context(), task.Retention{Count: 1}, newYear)
		require.Len(t, removed, 8)
		return err
	})
	require.NoError(t, err)
	work.Wait()
	require.EqualValues(t, 9, sum)
}

// TestPatience has another process keep the history locked: whoever waited in line behind one who waited in vain looks once,
// but what the store's own work takes does not count.
func TestPatience(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{Patience: time.Nanosecond})
	lock, err := acquire(t.Context(), s.historyLock(), filelock.TryExclusive)
	require.NoError(t, err)
	_, err = s.List(t.Context(), task.Query{})
	require.ErrorIs(t, err, task.ErrBusy)
	require.ErrorContains(t, err, "history.lock is locked")
	require.False(t, s.shelf.gaveUp.IsZero())
	require.NoError(t, lock.Close())
	require.Empty(t, listed(t, s), "it looks once, whatever its patience")

	s = open(t, dir, Options{Patience: time.Hour})
	require.NoError(t, s.shelf.enter(t.Context()))
	left := make(chan time.Duration)
	for _, vain := range []bool{false, true} {
		go func() {
			waiting, cancel, err := s.shelf.queue(t.Context())
			assertNil(t, err)
			defer cancel()
			ends, _ := waiting.Deadline()
			left <- time.Until(ends)
		}()
		if vain {
			s.shelf.gaveUp = time.Now().Add(time.Minute) // which is after it stood in line
		}
		s.shelf.leave()
		require.Equal(t, vain, <-left < time.Minute)
	}
	s.shelf.leave()
}

// Where somebody waits for the history, it is the context's error that ends it, whatever its cause.
func TestContextWithACause(t *testing.T) {
	s := open(t, t.TempDir(), Options{Patience: time.Hour})
	lock, err := acquire(t.Context(), s.historyLock(), filelock.TryExclusive)
	require.NoError(t, err)
	defer lock.Close()
	ctx, cancel := context.WithCancelCause(t.Context())
	go func() {
		until(t, func() bool { return len(s.shelf.busy) == 1 })
		cancel(errors.New("the user has left"))
	}()
	_, err = s.List(ctx, task.Query{})
	require.ErrorIs(t, err, context.Canceled)
}
