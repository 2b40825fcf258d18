package tasklog_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"math"
	"strings"
	"sync"
	"testing"
	"testing/slogtest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task/tasklog"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 123456789, time.FixedZone("", 3600))

func clock() time.Time { return noon }

// lines reads a whole log.
func lines(t require.TestingT, log []byte) []tasklog.Line {
	return linesFrom(t, bytes.NewReader(log), 0)
}

func linesFrom(t require.TestingT, log io.ReaderAt, offset int64) []tasklog.Line {
	all := []tasklog.Line{}
	for line, err := range tasklog.Read(log, offset) {
		require.NoError(t, err)
		all = append(all, line)
	}
	return all
}

// logged returns the line that a record with these attributes becomes.
func logged(t testing.TB, message string, attrs ...any) string {
	t.Helper()
	var log bytes.Buffer
	r := slog.NewRecord(noon, slog.LevelInfo, message, 0)
	r.Add(attrs...)
	require.NoError(t, tasklog.NewHandler(&log, tasklog.Options{}).Handle(t.Context(), r))
	require.Equal(t, 1, strings.Count(log.String(), "\n"))
	require.True(t, json.Valid(log.Bytes()), "%s", log.String())
	return strings.TrimSuffix(log.String(), "\n")
}

func TestHandlerKeepsTheRulesOfSlog(t *testing.T) {
	var log bytes.Buffer
	slogtest.Run(t, func(*testing.T) slog.Handler {
		log.Reset()
		return tasklog.NewHandler(&log, tasklog.Options{})
	}, func(t *testing.T) map[string]any {
		var line map[string]any
		require.NoError(t, json.Unmarshal(log.Bytes(), &line))
		return line
	})
}

type panics struct{}

func (panics) MarshalJSON() ([]byte, error) { panic("no way") }
func (panics) LogValue() slog.Value         { panic("no way") }

type fails struct{ error }

func (fails) MarshalJSON() ([]byte, error) { return nil, errors.New("no way") }

type endless struct{}

func (e endless) LogValue() slog.Value { return slog.GroupValue(slog.Any("g", e)) }

type badError struct{}

func (badError) Error() string { panic("no way") }

func TestValues(t *testing.T) {
	var noError *fails
	for _, c := range []struct {
		name  string
		value any
		want  string
	}{
		{"string", "a\"b\\c\n\t\x00\x1bé", `"a\"b\\c\n\t\u0000\u001bé"`},
		{"not UTF-8", "a\xffb\xc3", `"a` + "\uFFFD" + `b` + "\uFFFD" + `"`},
		{"U+FFFD", "\uFFFD", `"` + "\uFFFD" + `"`},
		{"integer", -7, `-7`},
		{"largest integer", uint64(math.MaxUint64), `18446744073709551615`},
		{"float", 0.25, `0.25`},
		{"large float", 1e300, `1e+300`},
		{"infinite", math.Inf(-1), `"-Inf"`},
		{"no number", math.NaN(), `"NaN"`},
		{"bool", true, `true`},
		{"duration", 1500 * time.Millisecond, `"1.5s"`},
		{"time", noon, `"2026-11-22T12:00:00.123456789+01:00"`},
		{"year 12000", time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC), `"12000-01-01 00:00:00 +0000 UTC"`},
		{"nil", nil, `null`},
		{"error", io.ErrUnexpectedEOF, `"unexpected EOF"`},
		{"slice", []string{"<a>", "b"}, `["<a>","b"]`},
		{"raw JSON", json.RawMessage("{\"a\":\n\"\xff\"}"), `{"a":"` + "\uFFFD" + `"}`},
		{"broken raw JSON", json.RawMessage("{"), `"!ERROR: json: error calling MarshalJSON for type json.RawMessage: unexpected end of JSON input"`},
		{"channel", make(chan int), `"!ERROR: json: unsupported type: chan int"`},
		{"fails", fails{}, `"!ERROR: json: error calling MarshalJSON for type tasklog_test.fails: no way"`},
		{"nil error", noError, `null`},
		{"group", slog.GroupValue(slog.Int("a", 1), slog.Group("b"), slog.Group("", slog.Int("c", 2))), `{"a":1,"c":2}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			line := logged(t, "m", "k", c.value)
			require.Equal(t, `{"time":"2026-11-22T11:00:00.123456Z","level":"INFO","msg":"m","k":`+c.want+`}`, line)
		})
	}
}

func TestValuesThatPanicAreNamed(t *testing.T) {
	require.Contains(t, logged(t, "m", "k", []any{panics{}}), `"k":"!PANIC: no way"`)
	require.Contains(t, logged(t, "m", "k", panics{}), `"k":"LogValue panicked`)
	require.Contains(t, logged(t, "m", "k", badError{}), `"k":"!PANIC: no way"`)
	require.Contains(t, logged(t, "m", "k", endless{}), `"!ERROR: too many groups within groups"`)
}

func TestStageStandsBeforeTheMessage(t *testing.T) {
	var log bytes.Buffer
	stage := ""
	logger := slog.New(tasklog.NewHandler(&log, tasklog.Options{Stage: func() string { return stage }}))
	logger.WithGroup("g").Info("one", "stage", 1)
	stage = "upload"
	logger.WithGroup("g").Info("two", "stage", 2)

	got := lines(t, log.Bytes())
	require.Equal(t, "", got[0].Stage)
	require.Equal(t, "upload", got[1].Stage)
	require.Equal(t, []tasklog.Attr{{Key: "g", Value: json.RawMessage(`{"stage":2}`)}}, got[1].Attrs)
}

func TestLevels(t *testing.T) {
	var log bytes.Buffer
	var level slog.LevelVar
	level.Set(slog.LevelWarn)
	logger := slog.New(tasklog.NewHandler(&log, tasklog.Options{Level: &level}))
	logger.Info("no")
	logger.Warn("yes")
	level.Set(slog.LevelInfo)
	logger.Log(t.Context(), slog.LevelInfo+2, "yes, too")

	got := lines(t, log.Bytes())
	require.Len(t, got, 2)
	require.Equal(t, slog.LevelWarn, got[0].Level)
	require.Equal(t, slog.LevelInfo+2, got[1].Level)

	require.True(t, tasklog.NewHandler(&log, tasklog.Options{}).Enabled(t.Context(), slog.LevelDebug))
}

func TestHandlersOfOneLogDoNotShareAttributes(t *testing.T) {
	var log bytes.Buffer
	logger := slog.New(tasklog.NewHandler(&log, tasklog.Options{}))
	base := logger.With("a", 1).WithGroup("g").With("b", 2)
	one, two := base.With("c", 3), base.With("d", 4)
	one.Info("one")
	two.Info("two")
	base.WithGroup("h").With(slog.Group("empty")).Info("three")

	var rest []string
	for line := range strings.Lines(log.String()) {
		_, attrs, _ := strings.Cut(line, `"a":1`)
		rest = append(rest, attrs)
	}
	require.Equal(t, []string{",\"g\":{\"b\":2,\"c\":3}}\n", ",\"g\":{\"b\":2,\"d\":4}}\n", ",\"g\":{\"b\":2}}\n"}, rest)
}

// counting counts the writes, and checks that each is of whole lines.
type counting struct {
	t      *testing.T
	writes int
	bytes.Buffer
}

func (c *counting) Write(p []byte) (int, error) {
	c.writes++
	require.Equal(c.t, 1, bytes.Count(p, []byte("\n")))
	require.True(c.t, bytes.HasSuffix(p, []byte("}\n")))
	return c.Buffer.Write(p)
}

func TestConcurrentLinesAreWrittenWhole(t *testing.T) {
	log := &counting{t: t}
	logger := slog.New(tasklog.NewHandler(log, tasklog.Options{}))
	var group sync.WaitGroup
	for worker := range 8 {
		group.Go(func() {
			for i := range 100 {
				logger.With("worker", worker).Info(strings.Repeat("x", i*10), "i", i)
			}
		})
	}
	group.Wait()
	require.Equal(t, 800, log.writes)
	for _, line := range lines(t, log.Bytes()) {
		require.False(t, line.Damaged)
		require.Len(t, line.Attrs, 2)
	}
}
