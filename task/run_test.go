package task

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task/progress"
	"github.com/heirloom-backup/heirloom/task/remedy"
)

func progressTotal(bytes int64) progress.Total { return progress.Total{Bytes: bytes} }

func TestLogCarriesTheStage(t *testing.T) {
	play(t, Options{}, func(s *scene) {
		task := s.submit(chore("copy"), func(_ context.Context, run *Run) error {
			run.Log().Info("before")
			stage := run.Stage("scan", progress.Total{})
			run.Log().Info("look", "files", 7)
			stage.End()
			run.Log().Debug("between")
			return nil
		})
		_, err := s.wait(task)
		require.NoError(s, err)
		lines := s.logLines(task.UPID())
		require.Len(s, lines, 3)
		require.Equal(s, []string{"", "scan", ""}, []string{lines[0].Stage, lines[1].Stage, lines[2].Stage})
		require.Contains(s, lines[1].String(), "[scan] look files=7")
		require.Equal(s, task.Record().LogSize, lines[2].End)
	})
}

func TestWarningsAreCountedBeyondTheList(t *testing.T) {
	play(t, Options{}, func(s *scene) {
		const more = MaxNotes + 23
		rec, err := s.wait(s.submit(chore("copy"), func(_ context.Context, run *Run) error {
			for i := range more {
				run.Warn(fmt.Sprint("file-", i), errBroken)
			}
			return nil
		}))
		require.NoError(s, err)
		require.Equal(s, Warning, rec.State)
		require.Equal(s, int64(more), rec.Warnings.Count)
		require.Len(s, rec.Warnings.Listed, MaxNotes)
		require.Equal(s, Note{Path: "file-0", Reason: errBroken.Error()}, rec.Warnings.Listed[0])
		require.Len(s, s.logLines(rec.UPID), more, "the log has them all")
	})
}

func TestTextsOfARecordAreBoundedAndUTF8(t *testing.T) {
	for name, text := range map[string]string{
		"huge": strings.Repeat("x", 1<<20), "huge runes": strings.Repeat("ä€", 1<<20), "broken": "caf\xe9",
		"huge and broken": strings.Repeat("\xff", 1<<20), "broken everywhere": strings.Repeat("a\xff", 1<<20),
		"cut in a rune": strings.Repeat("x", 1023) + "€uro",
	} {
		t.Run(name, func(t *testing.T) {
			play(t, Options{}, func(s *scene) {
				rec, _ := s.wait(s.submit(chore("copy"), func(_ context.Context, run *Run) error {
					run.Warn(text, errors.New(text))
					return errors.New(text)
				}))
				note := rec.Warnings.Listed[0]
				require.Less(s, len(note.Path), 1100)
				require.Less(s, len(note.Reason), 1100)
				require.LessOrEqual(s, len(rec.Failure.Message), remedy.MaxText)
				for _, text := range []string{note.Path, note.Reason, rec.Failure.Message} {
					require.True(s, utf8.ValidString(text), "%q", text)
					require.NotEmpty(s, text)
				}
			})
		})
	}
}

func TestRunSaysWhatWasSubmitted(t *testing.T) {
	play(t, Options{}, func(s *scene) {
		spec := chore("copy")
		spec.Payload = []byte(`{"depth":3}`)
		var task *Task
		s.Pause()
		task = s.submit(spec, func(_ context.Context, run *Run) error {
			require.Equal(s, spec, run.Spec())
			require.Equal(s, task.UPID(), run.UPID())
			require.Equal(s, 1, run.Attempt())
			return nil
		})
		s.Resume()
		_, err := s.wait(task)
		require.NoError(s, err)
	})
}

// What a goroutine that was left behind does to the Run of an attempt that is over, harms nobody.
func TestRunAfterItsEnd(t *testing.T) {
	play(t, Options{}, func(s *scene) {
		var left *Run
		task := s.submit(chore("copy"), func(_ context.Context, run *Run) error {
			left = run
			return nil
		})
		rec, err := s.wait(task)
		require.NoError(s, err)
		left.Warn("late", errBroken)
		left.Log().Error("late")
		left.Stage("late", progress.Total{}).AddBytes(1)
		require.Equal(s, rec, task.Record())
		require.Empty(s, s.logLines(task.UPID()))
	})
}

func TestPublishEvery(t *testing.T) {
	play(t, Options{PublishEvery: 10 * time.Second}, func(s *scene) {
		task := s.submit(chore("copy"), func(_ context.Context, run *Run) error {
			stage := run.Stage("write", progressTotal(1000))
			for range 30 {
				stage.AddBytes(1)
				time.Sleep(time.Second)
			}
			return nil
		})
		published := func() int64 {
			rec, err := s.store.Get(s.Context(), task.UPID())
			require.NoError(s, err)
			return rec.Progress.Work().Bytes
		}
		time.Sleep(9500 * time.Millisecond)
		require.Zero(s, published())
		time.Sleep(time.Second)
		synctest.Wait()
		require.InDelta(s, 10, published(), 1)
		rec, err := s.wait(task)
		require.NoError(s, err)
		require.Equal(s, int64(30), rec.Progress.Work().Bytes)
	})
}
