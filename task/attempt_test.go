package task

import (
	"context"
	"fmt"
	"io/fs"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task/remedy"
)

func TestWhatComesOfAFunction(t *testing.T) {
	transient := remedy.New("flaky", remedy.Transient, "Wait.", errBroken)
	for name, c := range map[string]struct {
		do    Func
		state State
		code  remedy.Code
		class remedy.Class
	}{
		"nothing":     {succeed, OK, "", ""},
		"an error":    {fail, Failed, remedy.CodeUnknown, remedy.User},
		"a warning":   {func(_ context.Context, r *Run) error { r.Warn("a", errBroken); return nil }, Warning, "", ""},
		"both":        {func(_ context.Context, r *Run) error { r.Warn("a", errBroken); return errBroken }, Failed, remedy.CodeUnknown, remedy.User},
		"with a code": {func(context.Context, *Run) error { return transient }, Failed, "flaky", remedy.Transient},
		"a panic":     {func(context.Context, *Run) error { panic("boo") }, Failed, remedy.CodePanic, remedy.Bug},
		"panic error": {func(context.Context, *Run) error { panic(transient) }, Failed, remedy.CodePanic, remedy.Bug},
		"panic nil":   {func(context.Context, *Run) error { panic(nil) }, Failed, remedy.CodePanic, remedy.Bug},
		"Goexit":      {func(context.Context, *Run) error { runtime.Goexit(); return nil }, Failed, remedy.CodeUnknown, remedy.User},
		"an error that panics": {
			func(context.Context, *Run) error { return (*fs.PathError)(nil) }, Failed, remedy.CodePanic, remedy.Bug},
		"a panic with an error that panics": {
			func(context.Context, *Run) error { panic((*fs.PathError)(nil)) }, Failed, remedy.CodePanic, remedy.Bug},
		"a warning that panics": {
			func(_ context.Context, r *Run) error { r.Warn("a", (*fs.PathError)(nil)); return nil }, Failed, remedy.CodePanic, remedy.Bug},
		"cancelled by nobody": {
			func(context.Context, *Run) error { return fmt.Errorf("ask: %w", context.Canceled) }, Failed, remedy.CodeCancelled, remedy.User},
		"a deadline of its own": {
			func(context.Context, *Run) error { return context.DeadlineExceeded }, Failed, remedy.CodeDeadline, remedy.User},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, Options{}, func(s *scene) {
				rec, err := s.wait(s.submit(chore("try"), c.do))
				require.Equal(s, c.state, rec.State, "%+v", rec.Failure)
				require.Equal(s, c.state == OK || c.state == Warning, err == nil, "%v", err)
				if c.code == "" {
					require.Nil(s, rec.Failure)
					return
				}
				require.Equal(s, c.code, rec.Failure.Code)
				require.Equal(s, c.class, rec.Failure.Class)
				require.NotEmpty(s, rec.Failure.Message)
				require.Contains(s, s.logText(rec.UPID), "code="+string(c.code))
			})
		})
	}
}

func TestPanicLeavesItsStackInTheLog(t *testing.T) {
	play(t, Options{}, func(s *scene) {
		rec, err := s.wait(s.submit(chore("try"), func(context.Context, *Run) error { return slip() }))
		require.ErrorContains(s, err, "panic: off by one")
		require.Equal(s, "panic: off by one", rec.Failure.Message)
		require.Contains(s, s.logText(rec.UPID), "task.slip")
	})
}

func slip() error { panic("off by one") }

func TestPanicIsLoggedWhereTheLogIsFull(t *testing.T) {
	play(t, Options{LogLimit: 1000}, func(s *scene) {
		rec, _ := s.wait(s.submit(chore("try"), func(_ context.Context, run *Run) error {
			for range 100 {
				run.Log().Info(strings.Repeat("x", 100))
			}
			return slip()
		}))
		text := s.logText(rec.UPID)
		require.Contains(s, text, "task.slip")
		require.Contains(s, text, "the log is full")
		require.Contains(s, text, "lines were left out")
	})
}

func TestDeadline(t *testing.T) {
	play(t, Options{}, func(s *scene) {
		spec := chore("slow")
		spec.Deadline = time.Minute
		begin := time.Now()
		task := s.submit(spec, func(ctx context.Context, _ *Run) error {
			<-ctx.Done()
			require.ErrorIs(s, context.Cause(ctx), ErrDeadline)
			return fmt.Errorf("copy: %w", ctx.Err())
		})
		rec, err := s.wait(task)
		require.Equal(s, time.Minute, time.Since(begin))
		require.ErrorIs(s, err, ErrDeadline)
		require.ErrorIs(s, err, context.DeadlineExceeded)
		require.Equal(s, Failed, rec.State)
		require.Equal(s, remedy.CodeDeadline, rec.Failure.Code)
		require.Contains(s, rec.Failure.Message, "copy: context deadline exceeded", "what the function said is kept")
	})
}

func TestClockSetBackDuringATask(t *testing.T) {
	var back atomic.Int64
	play(t, Options{Now: func() time.Time { return time.Now().Add(-time.Duration(back.Load())) }}, func(s *scene) {
		task := s.submit(chore("copy"), func(_ context.Context, run *Run) error {
			stage := run.Stage("write", progressTotal(100))
			stage.AddBytes(50)
			time.Sleep(time.Minute)
			back.Store(int64(time.Hour))
			stage.AddBytes(50)
			time.Sleep(time.Minute)
			return nil
		})
		rec, err := s.wait(task)
		require.NoError(s, err)
		require.Equal(s, rec.Started, rec.Ended)
		stage := rec.Progress.Stages[0]
		require.False(s, stage.Ended.Before(stage.Started))
		require.Equal(s, int64(100), stage.Done.Bytes)
		_, err = s.wait(s.submit(chore("copy"), succeed))
		require.NoError(s, err)
	})
}
