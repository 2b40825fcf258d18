package tasklog_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/heirloom-backup/heirloom/task/tasklog"
)

// growing is a log in memory that is written and followed.
type growing struct {
	mu    sync.Mutex
	data  []byte
	ended bool
	fault error // of Ended
}

func (g *growing) Write(p []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.data = append(g.data, p...)
	return len(p), nil
}

func (g *growing) ReadAt(p []byte, offset int64) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if offset >= int64(len(g.data)) {
		return 0, io.EOF
	}
	return bytes.NewReader(g.data).ReadAt(p, offset)
}

func (g *growing) Ended() (bool, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.ended, g.fault
}

func (g *growing) end() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.ended = true
}

func TestFollowWaitsForMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &growing{}
		logger := slog.New(tasklog.NewHandler(log, tasklog.Options{}))
		go func() {
			logger.Info("one")
			time.Sleep(time.Second)
			logger.Info("two")
			time.Sleep(time.Hour)
			_, _ = log.Write([]byte("torn"))
			time.Sleep(time.Second)
			log.end()
		}()
		var got []string
		var at []time.Duration
		start := time.Now()
		for line, err := range tasklog.Follow(t.Context(), log, 0, tasklog.FollowOptions{}) {
			require.NoError(t, err)
			got = append(got, line.Message)
			at = append(at, time.Since(start).Truncate(time.Second))
		}
		require.Equal(t, []string{"one", "two", "torn"}, got)
		require.Equal(t, []time.Duration{0, time.Second, time.Hour + 2*time.Second}, at)
	})
}

func TestFollowPausesAsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &growing{}
		time.AfterFunc(time.Millisecond, log.end)
		start := time.Now()
		for range tasklog.Follow(t.Context(), log, 0, tasklog.FollowOptions{Every: time.Minute}) {
			t.Fatal("there is no line")
		}
		require.Equal(t, time.Minute, time.Since(start))
	})
}

func TestFollowEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		log := &growing{data: []byte("one\n")}
		var got []string
		var last error
		for line, err := range tasklog.Follow(ctx, log, 0, tasklog.FollowOptions{}) {
			if err != nil {
				last = err
				continue
			}
			got = append(got, line.Message)
		}
		require.Equal(t, []string{"one"}, got)
		require.ErrorIs(t, last, context.DeadlineExceeded)
	})
}

// lastWord adds a line at the moment in which it is asked whether it has ended, as an owner may at any moment.
type lastWord struct{ growing }

func (l *lastWord) Ended() (bool, error) {
	_, _ = l.Write([]byte("last\n"))
	l.end()
	return true, nil
}

func TestFollowLosesNoLastLine(t *testing.T) {
	var got []string
	for line, err := range tasklog.Follow(t.Context(), &lastWord{}, 0, tasklog.FollowOptions{}) {
		require.NoError(t, err)
		got = append(got, line.Message)
	}
	require.Equal(t, []string{"last"}, got)
}

func TestFollowYieldsErrorsOfItsSource(t *testing.T) {
	fault := errors.New("lost")
	for name, src := range map[string]tasklog.Source{
		"read a block": broken{strings.NewReader("one\n")},
		"ask its end":  &growing{fault: fault},
	} {
		t.Run(name, func(t *testing.T) {
			var last error
			for _, err := range tasklog.Follow(t.Context(), src, 0, tasklog.FollowOptions{}) {
				require.NoError(t, last, "an error is the last thing yielded")
				last = err
			}
			require.True(t, errors.Is(last, fault) || errors.Is(last, errBroken), "%v", last)
		})
	}
}

// TestFollowSeesWhatReadSees grows a log by arbitrary pieces, among them torn and overlong lines.
func TestFollowSeesWhatReadSees(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pieces := rapid.SliceOfN(rapid.OneOf(
			rapid.StringMatching(`[a-z\n]{0,20}`),
			rapid.Just(`{"level":"INFO","msg":"m"}`+"\n"),
			rapid.Custom(func(t *rapid.T) string { return strings.Repeat("x", rapid.IntRange(0, 3*longest).Draw(t, "long")) }),
		), 0, 10).Draw(t, "pieces")
		log := &script{pieces: pieces}
		followed := []tasklog.Line{}
		for line, err := range tasklog.Follow(t.Context(), log, 0, tasklog.FollowOptions{Every: time.Nanosecond}) {
			require.NoError(t, err)
			followed = append(followed, line)
		}
		whole := []byte(strings.Join(pieces, ""))
		read := lines(t, append(whole, '\n'))
		if n := len(read); n > 0 && read[n-1].End > int64(len(whole)) {
			read[n-1].End-- // the last line has no newline in the log that was followed
		}
		require.Equal(t, read, followed)
	})
}

// script is a log that grows by a piece each time it is asked whether it has ended.
type script struct {
	growing
	pieces []string
}

func (s *script) Ended() (bool, error) {
	if len(s.pieces) == 0 {
		return true, nil
	}
	_, err := s.Write([]byte(s.pieces[0]))
	s.pieces = s.pieces[1:]
	return false, err
}
