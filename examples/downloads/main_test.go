package main

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task"
	"github.com/heirloom-backup/heirloom/task/progress"
	"github.com/heirloom-backup/heirloom/task/remedy"
)

// In the clock of the test the server sends exactly as fast as it says, so that the times are known, too.
const wantTable = `FILE            STATE     ATTEMPTS   SIZE      TIME   NOTE
atlas.pdf       ok        1          3.0 MB    2.0 s
birdsong.flac   ok        1          7.5 MB    3.0 s
film.mkv        ok        1          16.0 MB   4.0 s
map.osm.pbf     ok        2          4.0 MB    2.0 s
photos.tar      warning   1          2.8 MB    3.5 s   no checksum came with it`

var wantLog = regexp.MustCompile(`^the log of map.osm.pbf ends
  00:00:00  INFO   the file comes
  00:00:01  WARN   get map.osm.pbf: unexpected EOF
  00:00:0[12]  INFO   the task is begun again
  00:00:0[12]  INFO   the file comes
  00:00:0[34]  INFO   the checksum is right
$`)

func TestLines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		require.NoError(t, run(t.Context(), local(t), &out, false))
		part := strings.Split(out.String(), "\n\n")
		require.Len(t, part, 3)
		require.Equal(t, []string{"running", "again: cut-short", "running", "ok after 2.0 s"}, of("map.osm.pbf", part[0]))
		require.Equal(t, []string{"running", "warning after 3.5 s"}, of("photos.tar", part[0]))
		require.Equal(t, wantTable, part[1])
		require.Regexp(t, wantLog, part[2])
	})
}

// of returns what the lines say of one file, from when it began: some begin before anybody watches.
func of(name, lines string) (said []string) {
	for line := range strings.Lines(lines) {
		if about, words, _ := strings.Cut(line, " "); about == name && strings.TrimSpace(words) != "queued" {
			said = append(said, strings.TrimSpace(words))
		}
	}
	return said
}

func TestBars(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		require.NoError(t, run(t.Context(), local(t), &out, true))
		part := strings.Split(out.String(), "\n\n")
		require.Equal(t, wantTable, part[1])
		screens := strings.Split(seen(part[0]), "\x1b[5A")
		require.Greater(t, len(screens), 100, "each of five bars is told of ten times a second")
		require.Equal(t, strings.Join([]string{
			"atlas.pdf      ━━━━━━━━━━━━━━━━━━━━━━━━ 100 %   3.0 MB  ok after 2.0 s",
			"birdsong.flac  ━━━━━━━━━━━━━━━━━━━━━━━━ 100 %   7.5 MB  ok after 3.0 s",
			"film.mkv       ━━━━━━━━━━━━━━━━━━━━━━━━ 100 %  16.0 MB  ok after 4.0 s",
			"map.osm.pbf    ━━━━━━━━━━━━━━━━━━━━━━━━ 100 %   4.0 MB  ok after 2.0 s",
			"photos.tar     ━━━━━━━━━━━━━━━━━━━━━━━━ 100 %   2.8 MB  warning after 3.5 s",
		}, "\n"), screens[len(screens)-1])
	})
}

func TestWhoDoesNotWaitIsToldToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithTimeout(t.Context(), 2500*time.Millisecond)
		defer stop()
		var out bytes.Buffer
		require.ErrorIs(t, run(ctx, local(t), &out, false), context.DeadlineExceeded)
		require.Contains(t, out.String(), "atlas.pdf       ok")
		require.Contains(t, out.String(), "film.mkv        cancelled")
		require.NotContains(t, out.String(), "film.mkv        ok")
	})
}

func TestABarFitsTheTerminal(t *testing.T) {
	now := time.Now()
	stage := progress.Status{Name: "download", Done: progress.Count{Bytes: 1000 * mb}, Total: progress.Total{Bytes: 2000 * mb},
		Rate: progress.Rate{Bytes: 100 * mb}, Left: 10 * time.Second}
	half := progress.Snapshot{Stages: []progress.Status{stage}}
	endless := stage
	endless.Total, endless.Left = progress.Total{Bytes: progress.Unknown}, progress.Unknown
	failure := &remedy.Failure{Code: remedy.CodeTooManyFiles}

	tests := map[string]struct {
		record task.Record
		want   string
	}{
		"queued": {task.Record{State: task.Queued}, "──   0 %   0.0 MB  queued"},
		"begun":  {task.Record{State: task.Running}, "──   0 %   0.0 MB  running"},
		"half-way": {task.Record{State: task.Running, Progress: half},
			"━━━━━━━━━━━━────────────  50 %  1000.0 MB  100.0 MB/s 10 s left"},
		"endless": {task.Record{State: task.Running, Progress: progress.Snapshot{Stages: []progress.Status{endless}}},
			"───   0 %  1000.0 MB  100.0 MB/s"},
		"tried again": {task.Record{State: task.Queued, Failure: failure, Progress: half}, "again: too-many-files"},
		"failed":      {task.Record{State: task.Failed, Failure: failure, Progress: half}, "failed: too-many-files"},
		"done":        {task.Record{State: task.OK, Started: now, Ended: now.Add(time.Hour)}, "ok after 3600.0 s"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			test.record.Source = "http://host/birdsong.flac"
			got := seen(bar(test.record))
			require.Contains(t, got, test.want)
			require.LessOrEqual(t, utf8.RuneCountInString(got), 80)
		})
	}
}

// seen is what a terminal shows, without colours and without what clears a line.
func seen(text string) string { return regexp.MustCompile(`\x1b\[\d*[mK]`).ReplaceAllString(text, "") }

// local starts the server on connections in memory, whose waiting the clock of the test knows of.
func local(t *testing.T) downloader {
	wire := &pipes{waiting: make(chan net.Conn), closed: make(chan struct{})}
	server := &http.Server{Handler: newShelf(files)}
	go server.Serve(wire)
	transport := &http.Transport{DialContext: wire.dial}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		require.NoError(t, server.Shutdown(context.Background())) // which waits for those who still send
	})
	return downloader{client: &http.Client{Transport: transport}, server: "http://server", folder: t.TempDir()}
}

// pipes is a net.Listener for connections within the process.
type pipes struct {
	waiting chan net.Conn
	closed  chan struct{}
}

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case p.waiting <- there:
		return here, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.waiting:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	close(p.closed)
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "memory"} }
