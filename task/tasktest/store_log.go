package tasktest

import (
	"fmt"
	"io"
	"log/slog"
	"math"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task"
	"github.com/heirloom-backup/heirloom/task/tasklog"
)

var logRules = []rule[*place]{
	{"log", "A line can be read by others as soon as Write has returned.", logIsSeen},
	{"empty log", "The log of a task without a line is empty, and grows under a reader who opened it before.", logEmpty},
	{"reading anywhere", "ReadAt reads from any offset, and gives io.EOF at what is the end for now.", logReadAt},
	{"end of a log", "Ended tells whether nothing will be added any more.", logEnds},
	{"log of a task that is tried again", "The next owner goes on where the last one stopped, and a line that was torn " +
		"then does not spoil the next.", logGoesOn},
	{"lines at the same time", "Lines that are written at the same time stay whole.", logConcurrently},
	{"readers at the same time", "Several may read through one opening, from the first line on.", logReaders},
}

// logText returns all that a log has.
func logText(t testing.TB, s task.Reader, id task.UPID) string {
	t.Helper()
	log, err := s.OpenLog(t.Context(), id)
	require.NoError(t, err)
	defer func() { require.NoError(t, log.Close()) }()
	return textOf(t, log)
}

func textOf(t testing.TB, log task.Log) string {
	t.Helper()
	text, err := io.ReadAll(io.NewSectionReader(log, 0, math.MaxInt64))
	require.NoError(t, err)
	return string(text)
}

func requireEnded(t testing.TB, log task.Log, want bool) {
	t.Helper()
	ended, err := log.Ended()
	require.NoError(t, err)
	require.Equal(t, want, ended, "the log has ended")
}

func logIsSeen(t testing.TB, p *place) {
	here, elsewhere := p.store(t), p.store(t)
	c := start(t, here, sample(1))
	log, err := elsewhere.OpenLog(t.Context(), sample(1).UPID)
	require.NoError(t, err)
	defer log.Close()
	var all string
	for n := range 20 {
		line := fmt.Sprintf("{\"msg\":%q}\n", strings.Repeat("x", 1<<(n%12)))
		appendLog(t, c, line)
		all += line
		require.EqualValues(t, len(all), c.Log().Size())
		require.Equal(t, all, textOf(t, log))
		size, err := log.Size()
		require.NoError(t, err)
		require.EqualValues(t, len(all), size)
	}
	require.Equal(t, all, logText(t, here, sample(1).UPID))
}

func logEmpty(t testing.TB, p *place) {
	here, elsewhere := p.store(t), p.store(t)
	c := create(t, here, sample(1))
	require.Zero(t, c.Log().Size())
	log, err := elsewhere.OpenLog(t.Context(), sample(1).UPID)
	require.NoError(t, err)
	defer log.Close()
	require.Empty(t, textOf(t, log))
	requireEnded(t, log, false)
	update(t, c, begun(sample(1)))
	appendLog(t, c, aLine)
	require.Equal(t, aLine, textOf(t, log))

	silent := start(t, here, sample(2))
	update(t, silent, over(silent.Record(), task.OK))
	require.Empty(t, logText(t, elsewhere, sample(2).UPID))
}

func logReadAt(t testing.TB, p *place) {
	s := p.store(t)
	c := start(t, s, sample(1))
	appendLog(t, c, "0123456789\n")
	log, err := s.OpenLog(t.Context(), sample(1).UPID)
	require.NoError(t, err)
	defer log.Close()
	for _, read := range []struct {
		offset int64
		size   int
		want   string
		err    error
	}{
		{0, 5, "01234", nil}, {3, 4, "3456", nil}, {5, 100, "56789\n", io.EOF}, {11, 5, "", io.EOF}, {1000, 5, "", io.EOF},
	} {
		data := make([]byte, read.size)
		n, err := log.ReadAt(data, read.offset)
		require.Equal(t, read.err, err, "%+v", read)
		require.Equal(t, read.want, string(data[:n]), "%+v", read)
	}
}

func logEnds(t testing.TB, p *place) {
	here, elsewhere := p.store(t), p.store(t)
	c := create(t, here, sample(1))
	log, err := elsewhere.OpenLog(t.Context(), sample(1).UPID)
	require.NoError(t, err)
	defer log.Close()
	requireEnded(t, log, false)
	for _, change := range []func(task.Record) task.Record{begun, again, begun} {
		update(t, c, change(c.Record()))
		appendLog(t, c, aLine)
		requireEnded(t, log, false)
	}
	update(t, c, over(c.Record(), task.OK))
	requireEnded(t, log, true)
	_, err = here.Prune(t.Context(), task.Retention{}, newYear)
	require.NoError(t, err)
	requireEnded(t, log, true)
	require.Equal(t, aLine+aLine+aLine, textOf(t, log))
}

func logGoesOn(t testing.TB, p *place) {
	here, elsewhere := p.store(t), p.store(t)
	c := start(t, here, sample(1))
	appendLog(t, c, aLine)
	appendLog(t, c, aLine[:20]) // killed while it wrote
	require.NoError(t, c.Release())
	claims := recoverAll(t, elsewhere, task.QueueAgain)
	require.Len(t, claims, 1)
	next := claims[0]
	require.GreaterOrEqual(t, next.Log().Size(), int64(len(aLine)+20))
	logger := slog.New(tasklog.NewHandler(next.Log(), tasklog.Options{Written: next.Log().Size()}))
	logger.Info("second attempt")

	var messages []string
	for line, err := range tasklog.Read(strings.NewReader(logText(t, here, sample(1).UPID)), 0) {
		require.NoError(t, err)
		if !line.Damaged {
			messages = append(messages, line.Message)
		}
	}
	require.Equal(t, []string{"done", "second attempt"}, messages)
}

func logConcurrently(t testing.TB, p *place) {
	s := p.store(t)
	c := start(t, s, sample(1))
	var group sync.WaitGroup
	for w := range 4 {
		group.Go(func() {
			for n := range 50 {
				if _, err := fmt.Fprintf(c.Log(), "%d.%d\n", w, n); err != nil {
					t.Errorf("write: %v", err)
				}
			}
		})
	}
	group.Wait()
	lines := strings.Split(strings.TrimSuffix(logText(t, s, sample(1).UPID), "\n"), "\n")
	var want []string
	for w := range 4 {
		for n := range 50 {
			want = append(want, fmt.Sprintf("%d.%d", w, n))
		}
	}
	require.ElementsMatch(t, want, lines)
}

func logReaders(t testing.TB, p *place) {
	here, elsewhere := p.store(t), p.store(t)
	c := start(t, here, sample(1))
	log, err := elsewhere.OpenLog(t.Context(), sample(1).UPID)
	require.NoError(t, err)
	defer log.Close()
	appendLog(t, c, aLine)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			data := make([]byte, len(aLine))
			if _, err := log.ReadAt(data, 0); err != nil || string(data) != aLine {
				t.Errorf("read %q: %v", data, err)
			}
		})
	}
	group.Wait()
}
