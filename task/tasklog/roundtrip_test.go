package tasklog_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/heirloom-backup/heirloom/task/tasklog"
)

type entry struct {
	Level   slog.Level
	Message string
	Key     string
	Value   string
}

var anyEntry = rapid.Custom(func(t *rapid.T) entry {
	return entry{
		Level:   slog.Level(rapid.IntRange(-10, 20).Draw(t, "level")),
		Message: rapid.String().Draw(t, "message"),
		Key:     rapid.StringN(1, 5, -1).Draw(t, "key"),
		Value:   rapid.String().Draw(t, "value"),
	}
})

// TestWhatIsWrittenIsRead logs arbitrary lines through several processes, each of which dies in the middle of a line.
func TestWhatIsWrittenIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var log bytes.Buffer
		var want []entry
		for range rapid.IntRange(1, 3).Draw(t, "processes") {
			handler := tasklog.NewHandler(&log, tasklog.Options{Level: slog.Level(-100), Written: int64(log.Len())})
			for _, e := range rapid.SliceOf(anyEntry).Draw(t, "lines") {
				slog.New(handler).Log(t.Context(), e.Level, e.Message, e.Key, e.Value)
				want = append(want, e)
			}
			log.WriteString(rapid.SampledFrom([]string{"", `{`, `{"time":"2026-1`, "\n{"}).Draw(t, "torn"))
		}
		log.WriteString("\n")

		var got []entry
		var ends []int64
		for _, line := range lines(t, log.Bytes()) {
			if !line.Damaged {
				got = append(got, entryOf(t, line))
				ends = append(ends, line.End)
			}
		}
		require.Equal(t, want, got)
		for i, end := range ends {
			require.Equal(t, len(got)-i-1, wholeFrom(t, log.Bytes(), end), "going on after line %d", i)
		}
	})
}

func entryOf(t *rapid.T, line tasklog.Line) entry {
	e := entry{Level: line.Level, Message: line.Message, Key: line.Attrs[0].Key}
	require.NoError(t, json.Unmarshal(line.Attrs[0].Value, &e.Value))
	return e
}

func wholeFrom(t *rapid.T, log []byte, offset int64) (n int) {
	for _, line := range linesFrom(t, bytes.NewReader(log), offset) {
		if !line.Damaged {
			n++
		}
	}
	return n
}

// TestTailCountsLines compares with counting from the beginning.
func TestTailCountsLines(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`([a-z]{0,3}\n{0,3}){0,10}`).Draw(t, "log")
		if rapid.Bool().Draw(t, "long") {
			text += string(bytes.Repeat([]byte("x"), rapid.IntRange(32<<10-5, 32<<10+5).Draw(t, "length"))) + text
		}
		n := rapid.IntRange(1, 12).Draw(t, "lines")

		log := bytes.NewReader([]byte(text))

		all := linesFrom(t, log, 0)
		offset, err := tasklog.TailOffset(log, log.Size(), n)
		require.NoError(t, err)
		require.Equal(t, all[max(0, len(all)-n):], linesFrom(t, log, offset))
	})
}

func TestTailOfWhatIsNotThere(t *testing.T) {
	_, err := tasklog.TailOffset(bytes.NewReader([]byte("one\n")), 100, 1)
	require.ErrorContains(t, err, "read the task's log at byte 4: unexpected EOF")

	offset, err := tasklog.TailOffset(bytes.NewReader(nil), 0, 5)
	require.NoError(t, err)
	require.Zero(t, offset)

	offset, err = tasklog.TailOffset(bytes.NewReader([]byte("one\ntor")), 7, 0)
	require.NoError(t, err)
	require.Equal(t, int64(4), offset)
}
