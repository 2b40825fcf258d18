package tasklog_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task/tasklog"
)

const longest = 64 << 10

func TestLongStringsAreCutBetweenCharacters(t *testing.T) {
	for _, c := range []struct {
		name, text, want string
	}{
		{"fits", strings.Repeat("x", 16<<10), strings.Repeat("x", 16<<10)},
		{"a byte too long", strings.Repeat("x", 16<<10+1), strings.Repeat("x", 16<<10) + "… (1 bytes left out)"},
		{"1 MiB", strings.Repeat("x", 1<<20), strings.Repeat("x", 16<<10) + "… (1,032,192 bytes left out)"},
		{"wide characters", strings.Repeat("€", 1<<20/3), strings.Repeat("€", 5461) + "… (1,032,192 bytes left out)"},
		{"escapes count", strings.Repeat("\x00", 3000), strings.Repeat("\x00", 2730) + "… (270 bytes left out)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			line := lines(t, []byte(logged(t, c.text, "k", c.text)+"\n"))[0]
			require.False(t, line.Damaged)
			require.Equal(t, c.want, line.Message)
			var value string
			require.NoError(t, json.Unmarshal(line.Attrs[0].Value, &value))
			require.Equal(t, c.want, value)
		})
	}
}

func TestLongJSONBecomesACutString(t *testing.T) {
	line := logged(t, "m", "k", make([]int, 100_000))
	require.Contains(t, line, `"k":"[0,0,0,`)
	require.Contains(t, line, `… (183,617 bytes left out)"}`)
}

func TestLongLinesLoseTheirAttributes(t *testing.T) {
	text := strings.Repeat("x", 16<<10)
	many := make([]slog.Attr, 10_000)
	for i := range many {
		many[i] = slog.Int("number", i)
	}
	for name, attrs := range map[string][]any{
		"long strings":   {"a", text, "b", text, "c", text, "d", text},
		"long keys":      {text, 1, text, 1, text, 1, text, 1},
		"many":           {slog.Group("g", slog.Group("h", slog.GroupAttrs("i", many...)))},
		"deep long keys": {slog.Group(text, slog.Group(text, slog.Group(text, slog.Group(text, "a", 1))))},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, `{"time":"2026-11-22T11:00:00.123456Z","level":"INFO","msg":"m",`+
				`"left_out":"the attributes: with them the line is too long"}`, logged(t, "m", attrs...))
		})
	}
	require.LessOrEqual(t, len(logged(t, text, "a", text, "b", text)), longest)
}

func TestLongLinesOfWithLoseTheirAttributes(t *testing.T) {
	var log bytes.Buffer
	logger := slog.New(tasklog.NewHandler(&log, tasklog.Options{}))
	for range 10 {
		logger = logger.With("k", strings.Repeat("x", 16<<10)).WithGroup("g")
	}
	logger.Info("m", "a", 1)
	require.Less(t, log.Len(), 200)
	require.Contains(t, log.String(), `"left_out"`)
}

func TestLimit(t *testing.T) {
	var log bytes.Buffer
	handler := tasklog.NewHandler(&log, tasklog.Options{Limit: 1000, Now: clock})
	logger := slog.New(handler)
	for i := range 100 {
		logger.Info("line", "i", i)
	}
	logger.Info(strings.Repeat("x", 100))
	full := log.Len()
	logger.Info("")
	require.Equal(t, full, log.Len(), "there is no line after the one that says that the log is full")
	require.Less(t, full, 1000+200)

	slog.New(handler.Unlimited().WithAttrs([]slog.Attr{slog.Int("code", 7)})).Error("how it ended")
	require.NoError(t, handler.Close())
	require.NoError(t, handler.Close())
	require.ErrorIs(t, handler.Handle(t.Context(), slog.Record{}), tasklog.ErrClosed)

	got := lines(t, log.Bytes())
	n := len(got) - 3
	for i, line := range got[:n] {
		require.Equal(t, strconv.Itoa(i), string(line.Attrs[0].Value))
	}
	require.LessOrEqual(t, got[n].Offset, int64(1000))
	require.Equal(t, `2026-11-22T11:00:00.123Z WARN  the log is full, later lines are left out limit=1000`, got[n].String())
	require.Equal(t, "how it ended", got[n+1].Message)
	require.Equal(t, "lines were left out", got[n+2].Message)
	require.Equal(t, strconv.Itoa(102-n), string(got[n+2].Attrs[0].Value))
}

func TestWithoutLimit(t *testing.T) {
	var log bytes.Buffer
	handler := tasklog.NewHandler(&log, tasklog.Options{Limit: -1, Written: 1 << 40})
	slog.New(handler).Info("one")
	require.NoError(t, handler.Close())
	require.Len(t, lines(t, log.Bytes()), 1)
}

func TestContinuedLogCountsWhatItHas(t *testing.T) {
	var log bytes.Buffer
	handler := tasklog.NewHandler(&log, tasklog.Options{Limit: 1000, Written: 1000})
	slog.New(handler).Info("one")
	require.NoError(t, handler.Close())
	require.Len(t, lines(t, log.Bytes()), 2)
	require.NotContains(t, log.String(), "one")
}

var errNoSpace = errors.New("no space left")

// scripted fails its writes as told, one after the other: so many bytes are written, then the error comes. After the
// script all succeed.
type scripted struct {
	bytes.Buffer
	script []int // -1: no failure
}

func (s *scripted) Write(p []byte) (int, error) {
	if len(s.script) == 0 || s.script[0] < 0 {
		s.script = s.script[min(1, len(s.script)):]
		return s.Buffer.Write(p)
	}
	n, _ := s.Buffer.Write(p[:s.script[0]])
	s.script = s.script[1:]
	return n, errNoSpace
}

func TestFailuresOfTheWriterPass(t *testing.T) {
	log := &scripted{script: []int{-1, 0, 10, 20, -1, -1, 0}}
	handler := tasklog.NewHandler(log, tasklog.Options{Now: clock})
	logger := slog.New(handler)
	logger.Info("one")
	require.NoError(t, handler.Err())
	require.ErrorIs(t, handler.Handle(t.Context(), slog.Record{Message: "two"}), errNoSpace)
	for _, message := range []string{"three", "four", "five", "six", "seven", "eight"} {
		logger.Info(message)
	}
	require.ErrorIs(t, handler.Err(), errNoSpace)
	require.ErrorIs(t, handler.Close(), errNoSpace)

	var whole []string
	damaged := 0
	for _, line := range lines(t, log.Bytes()) {
		if line.Damaged {
			damaged++
			continue
		}
		whole = append(whole, line.Message)
	}
	require.Equal(t, []string{"one", "five", "six", "eight", "lines were left out"}, whole)
	require.Equal(t, 2, damaged, "what is left of three and four")
	require.Contains(t, log.String(), `"lines":4`)
}

type short struct{ io.Writer }

func (s short) Write(p []byte) (int, error) { return s.Writer.Write(p[:len(p)-1]) }

func TestShortWritesAreErrors(t *testing.T) {
	handler := tasklog.NewHandler(short{io.Discard}, tasklog.Options{})
	slog.New(handler).Info("one")
	require.ErrorIs(t, handler.Close(), io.ErrShortWrite)
}
