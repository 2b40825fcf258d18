package tasklog_test

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/heirloom-backup/heirloom/task/tasklog"
)

func TestText(t *testing.T) {
	for _, c := range []struct {
		name, line, want string
	}{
		{"all there can be", `{"time":"2026-11-22T02:00:00.123456Z","level":"WARN","stage":"upload","msg":"skipped it","n":1,"path":"/a b"}`,
			`2026-11-22T02:00:00.123Z WARN  [upload] skipped it n=1 path="/a b"`},
		{"least there can be", `{"level":"INFO+2","msg":"m"}`, `INFO+2 m`},
		{"groups", `{"level":"INFO","msg":"m","g":{"a":true,"h":{"b":null,"c":[1,2]}},"e":{}}`, `INFO  m g.a=true g.h.b=null g.h.c=[1,2] e={}`},
		{"quotes", `{"level":"INFO","msg":"m","a":"","b":"x=y","c":"\"","a b":"C:\\new","d":["x"]}`,
			`INFO  m a="" b="x=y" c="\"" "a b"=C:\new d="[\"x\"]"`},
		{"for terminals", `{"level":"INFO","stage":"\u001b","msg":"\u001b[31m\nforged\u202e ` + "\u009b" + `","k":"\u001b[0m","l":["` + "\u009b" + `"]}`,
			`INFO  [\x1b] \x1b[31m\nforged\u202e \u009b k="\x1b[0m" l="[\"\u009b\"]"`},
		{"several lines", `{"level":"ERROR","msg":"panic","stack":"main.go:\n\tmain()\n\u001b\n","n":1}`,
			"ERROR panic n=1\n    stack:\n    | main.go:\n    |     main()\n    | \\x1b"},
		{"damaged", `{"le`, `WARN  (damaged line) {"le`},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, lines(t, []byte(c.line+"\n"))[0].String())
		})
	}
}

func TestTextOfDeepGroupsIsBounded(t *testing.T) {
	const depth = 6000
	log := `{"level":"INFO","msg":"m","k":` + strings.Repeat(`{"k":`, depth) + "0" + strings.Repeat(`,"l":1}`, 4000) +
		strings.Repeat("}", depth-4000) + "}\n"
	line := lines(t, []byte(log))[0]
	require.False(t, line.Damaged)
	require.Less(t, len(line.String()), 2*len(log))
}

// TestTextIsSafeForTerminals holds for whatever a log consists of.
func TestTextIsSafeForTerminals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var log, text bytes.Buffer
		slog.New(tasklog.NewHandler(&log, tasklog.Options{})).Info(rapid.String().Draw(t, "message"),
			rapid.String().Draw(t, "key"), rapid.String().Draw(t, "value"),
			slog.Group(rapid.String().Draw(t, "group"), "list", rapid.SliceOf(rapid.String()).Draw(t, "list")))
		log.Write(append(rapid.SliceOf(rapid.Byte()).Draw(t, "garbage"), '\n'))

		_, err := tasklog.WriteText(&text, tasklog.Read(bytes.NewReader(log.Bytes()), 0))
		require.NoError(t, err)
		for _, r := range text.String() {
			require.True(t, r == '\n' || r >= ' ' && r < 0x7f || r >= 0xa0, "%q", r)
		}
	})
}

func TestWriteTextStopsAtErrors(t *testing.T) {
	log := []byte("one\ntwo\n")
	var text bytes.Buffer
	n, err := tasklog.WriteText(&text, tasklog.Read(bytes.NewReader(log), 0))
	require.NoError(t, err)
	require.Equal(t, int64(text.Len()), n)
	require.Equal(t, "WARN  (damaged line) one\nWARN  (damaged line) two\n", text.String())

	n, err = tasklog.WriteText(&scripted{script: []int{-1, 3}}, tasklog.Read(bytes.NewReader(log), 0))
	require.ErrorIs(t, err, errNoSpace)
	require.Equal(t, int64(25+3), n)

	_, err = tasklog.WriteText(io.Discard, tasklog.Read(broken{bytes.NewReader(log)}, 0))
	require.True(t, errors.Is(err, errBroken))
}

func TestTimesAreUTC(t *testing.T) {
	line := lines(t, []byte(logged(t, "m")+"\n"))[0]
	require.Equal(t, noon.UTC().Truncate(time.Microsecond), line.Time)

	line = lines(t, []byte(`{"time":"2026-11-22T02:00:00+02:00","level":"INFO","msg":"m"}`+"\n"))[0]
	require.Equal(t, "2026-11-22T00:00:00.000Z INFO  m", line.String())
}
