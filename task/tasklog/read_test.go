package tasklog_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/internal/alloctest"
	"github.com/heirloom-backup/heirloom/task/tasklog"
)

func TestRead(t *testing.T) {
	const one = `{"time":"2026-11-22T02:00:00.123456Z","level":"WARN","stage":"upload","msg":"a\nb","n":1,"msg":"again","g":{"x":[1,"]"]}}`
	for _, c := range []struct {
		name, log string
		want      tasklog.Line
	}{
		{"all there can be", one, tasklog.Line{
			Time: time.Date(2026, 11, 22, 2, 0, 0, 123456000, time.UTC), Level: slog.LevelWarn, Stage: "upload", Message: "a\nb",
			Attrs: []tasklog.Attr{{"n", json.RawMessage(`1`)}, {"msg", json.RawMessage(`"again"`)}, {"g", json.RawMessage(`{"x":[1,"]"]}`)}}}},
		{"least there can be", `{"level":"INFO","msg":""}`, tasklog.Line{}},
		{"white space", " { \"level\" : \"INFO\" , \"msg\" : \"m\" , \"a\" : { } } \r", tasklog.Line{
			Message: "m", Attrs: []tasklog.Attr{{"a", json.RawMessage(`{ }`)}}}},
		{"no JSON", "hello \xff", tasklog.Line{Message: "hello \uFFFD", Level: slog.LevelWarn, Damaged: true}},
		{"torn", `{"level":"INFO","ms`, tasklog.Line{Message: `{"level":"INFO","ms`, Level: slog.LevelWarn, Damaged: true}},
		{"no object", `[1]`, tasklog.Line{Message: `[1]`, Level: slog.LevelWarn, Damaged: true}},
		{"nothing in it", `{}`, tasklog.Line{Message: `{}`, Level: slog.LevelWarn, Damaged: true}},
		{"no level", `{"msg":"m"}`, tasklog.Line{Message: `{"msg":"m"}`, Level: slog.LevelWarn, Damaged: true}},
		{"message is no string", `{"level":"INFO","msg":1}`, tasklog.Line{Message: `{"level":"INFO","msg":1}`, Level: slog.LevelWarn, Damaged: true}},
		{"no such time", `{"time":"noon","level":"INFO","msg":""}`, tasklog.Line{
			Message: `{"time":"noon","level":"INFO","msg":""}`, Level: slog.LevelWarn, Damaged: true}},
		{"white space alone", "  ", tasklog.Line{Message: "  ", Level: slog.LevelWarn, Damaged: true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := lines(t, []byte("\n"+c.log+"\n\n"))
			require.Len(t, got, 1)
			require.Equal(t, c.log, string(got[0].Raw))
			require.Equal(t, int64(1), got[0].Offset)
			require.Equal(t, int64(len(c.log)+2), got[0].End)

			line := got[0]
			line.Raw, line.Offset, line.End = nil, 0, 0
			if line.Time.IsZero() {
				line.Time = time.Time{}
			}
			require.Equal(t, c.want, line)
		})
	}
}

func TestReadBeginsWithAWholeLine(t *testing.T) {
	log := bytes.NewReader([]byte("ab\n\ncd\nef"))
	for offset, want := range map[int64]string{-5: "ab", 0: "ab", 1: "cd", 2: "cd", 3: "cd", 4: "cd", 5: "", 7: "", 100: ""} {
		first := ""
		for line, err := range tasklog.Read(log, offset) {
			require.NoError(t, err)
			first = line.Message
			break
		}
		require.Equal(t, want, first, "offset %d", offset)
	}
}

// zeros is a log of so many zero bytes before its tail.
type zeros struct {
	size int64
	tail string
}

func (z zeros) ReadAt(p []byte, offset int64) (int, error) {
	for i := range p {
		at := offset + int64(i) - z.size
		switch {
		case at >= int64(len(z.tail)):
			return i, io.EOF
		case at >= 0:
			p[i] = z.tail[at]
		default:
			p[i] = 0
		}
	}
	return len(p), nil
}

func TestAnEndlessLineNeedsNoMemory(t *testing.T) {
	const size = 5 << 20
	log := zeros{size: size, tail: "\n" + `{"level":"INFO","msg":"after"}` + "\n"}
	got := linesFrom(t, log, 0)
	require.Len(t, got, 2)
	require.True(t, got[0].Damaged)
	require.Len(t, got[0].Raw, longest)
	require.True(t, strings.HasSuffix(got[0].Message, "\x00… (5,177,344 bytes left out)"))
	require.Equal(t, int64(size+1), got[0].End)
	require.Equal(t, "after", got[1].Message)

	spent := alloctest.Bytes(func() { require.Equal(t, got[1:], linesFrom(t, log, 1000)) })
	require.Less(t, spent, uint64(1<<20))
}

func TestTheLongestLineIsRead(t *testing.T) {
	for _, extra := range []int{-1, 0, 1, 2} {
		text := strings.Repeat("x", longest-len(`{"level":"INFO","msg":""}`)+extra)
		got := lines(t, []byte(`{"level":"INFO","msg":"`+text+`"}`+"\n"))
		require.Len(t, got, 1)
		require.Equal(t, extra > 0, got[0].Damaged, "%d", extra)
	}
}

type broken struct{ good io.ReaderAt }

var errBroken = errors.New("bad sector")

func (b broken) ReadAt(p []byte, offset int64) (int, error) {
	if offset > 0 {
		return 0, errBroken
	}
	return b.good.ReadAt(p, offset)
}

func (b broken) Ended() (bool, error) { return false, nil }

func TestReadErrorsComeLast(t *testing.T) {
	var got []string
	var last error
	for line, err := range tasklog.Read(broken{strings.NewReader("one\ntwo\nthr")}, 0) {
		if err != nil {
			last = err
			continue
		}
		got = append(got, line.Message)
	}
	require.Equal(t, []string{"one", "two"}, got)
	require.ErrorIs(t, last, errBroken)
	require.ErrorContains(t, last, "read the task's log at byte 11")
}

// FuzzRead holds the reader to what it promises whatever a log consists of.
func FuzzRead(f *testing.F) {
	f.Add([]byte("{\"level\":\"INFO\",\"msg\":\"m\",\"a\":{\"b\":[1,\"}\"]}}\n\n{\"lev"), uint16(3))
	f.Add([]byte("\xff\x00\x1b[31m\n{}\n"), uint16(0))
	f.Add([]byte(`{"level":"INFO","msg":"\ud800","":"\\"}`+"\n"), uint16(9))
	f.Fuzz(func(t *testing.T, garbage []byte, offset uint16) {
		mine := `{"level":"INFO","msg":"mine"}`
		log := append(bytes.Clone(garbage), "\n"+mine+"\n"...)
		all := lines(t, log)
		require.Equal(t, mine, string(all[len(all)-1].Raw))
		require.Equal(t, "mine", all[len(all)-1].Message)

		end := int64(0)
		after := []tasklog.Line{}
		for _, line := range all {
			require.Empty(t, bytes.Trim(log[end:line.Offset], "\n"), "nothing but newlines lies between lines")
			require.Equal(t, string(log[line.Offset:line.End]), string(line.Raw)+"\n")
			require.NotContains(t, line.Message, "\xff")
			for _, a := range line.Attrs {
				require.True(t, json.Valid(a.Value))
			}
			for line := range strings.Lines(line.String()) {
				require.NotContains(t, line, "\x1b")
			}
			if line.Offset >= int64(offset) {
				after = append(after, line)
			}
			end = line.End
		}
		require.Equal(t, int64(len(log)), end)

		require.Equal(t, after, linesFrom(t, bytes.NewReader(log), int64(offset)))
	})
}
