package diskstore

import (
	"bufio"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task"
	"github.com/heirloom-backup/heirloom/task/remedy"
	"github.com/heirloom-backup/heirloom/task/tasklog"
)

// luckless is how many times the kills it may take until victims have told of everything that there is.
const luckless = 10

// TestKill kills a process that runs many tasks at moments of chance, again and again in one folder. What it told of is
// there, and no task is stuck.
func TestKill(t *testing.T) {
	kills := 8
	if os.Getenv("HEIRLOOM_TEST_FULL") != "" {
		kills = 200
	}
	dir, told := t.TempDir(), newFacts()
	n, interrupted, again := 0, 0, 0
	for ; n < kills || told.little() && n < luckless*kills; n++ {
		killOnce(t, dir, told, n%2 == 1)
		s, err := Open(dir, killOptions)
		require.NoError(t, err)
		requireTold(t, s, told)
		i, a := requireNoneStuck(t, s)
		interrupted, again = interrupted+i, again+a
		require.NoError(t, s.Close())
	}
	require.NotEmpty(t, told.ended)
	require.Positive(t, told.lines)
	t.Logf("%d kills; told: %d submitted, %d ended, %d lines; found: %d interrupted, %d queued again",
		n, len(told.submitted), len(told.ended), told.lines, interrupted, again)
}

// little says that no end or no line was told of yet, so that nothing can be missed.
func (f *facts) little() bool { return len(f.ended) == 0 || f.lines == 0 }

// killOnce starts a victim, kills it, and learns what it told. Where the machine is slow, a victim that is killed soon
// after its start has not come to anything; one that is killed soon after it told of something has.
func killOnce(t *testing.T, dir string, told *facts, hasTold bool) {
	t.Helper()
	victim := exec.Command(os.Args[0])
	victim.Env = append(os.Environ(), victimFolder+"="+dir)
	victim.Stderr = os.Stderr
	out, err := victim.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, victim.Start())
	defer func() { _ = victim.Process.Kill() }() // where the test fails before
	lines := bufio.NewReader(out)
	if hasTold {
		_, _ = lines.Peek(1) // without anything told, it has ended, which is seen below
	}
	deadly := time.AfterFunc(time.Duration(30+rand.IntN(570))*time.Millisecond, func() { _ = victim.Process.Kill() })
	defer deadly.Stop()
	told.learn(t, lines)
	require.Error(t, victim.Wait(), "it ends by being killed only")
}

// requireTold checks that what was told of is there: each record, once; each end; each line of a log, whole.
func requireTold(t *testing.T, s *Store, told *facts) {
	t.Helper()
	states := map[task.UPID]task.State{}
	for _, r := range pages(t, s, task.Query{Limit: 1000}) {
		require.Empty(t, states[r.UPID], "%s is listed twice", r.UPID)
		states[r.UPID] = r.State
	}
	for id := range told.submitted {
		require.NotEmpty(t, states[id], "%s was submitted and is lost", id)
	}
	for id, state := range told.ended {
		require.Equal(t, state, states[id], "%s", id)
	}
	for id, lines := range told.logged {
		require.Subset(t, messages(t, s, id), lines, "%s", id)
	}
}

// pages goes through all pages.
func pages(t *testing.T, s *Store, q task.Query) (all []task.Record) {
	t.Helper()
	for {
		page, err := s.List(t.Context(), q)
		require.NoError(t, err)
		require.Empty(t, page.Unreadable)
		all = append(all, page.Records...)
		if q.After = page.Next; q.After == "" {
			return all
		}
	}
}

// messages returns those of the lines of a log that are whole.
func messages(t *testing.T, s *Store, id task.UPID) (whole []string) {
	t.Helper()
	log, err := s.OpenLog(t.Context(), id)
	require.NoError(t, err)
	defer log.Close()
	text, err := io.ReadAll(io.NewSectionReader(log, 0, 1<<20))
	require.NoError(t, err)
	for line, err := range tasklog.Read(strings.NewReader(string(text)), 0) {
		require.NoError(t, err)
		if !line.Damaged {
			whole = append(whole, line.Message)
		}
	}
	return whole
}

// requireNoneStuck recovers, and checks that each task has then ended or is ours, and that the totals count the former.
// The latter are left to the next victim.
func requireNoneStuck(t *testing.T, s *Store) (interrupted, again int) {
	t.Helper()
	verdicts := map[task.UPID]task.Verdict{}
	claims, err := s.Recover(t.Context(), time.Now(), func(r task.Record) task.Verdict {
		verdicts[r.UPID] = task.Interrupted
		if r.Requeue {
			verdicts[r.UPID] = task.QueueAgain
		}
		return verdicts[r.UPID]
	})
	require.NoError(t, err)
	var ended int64
	for _, r := range pages(t, s, task.Query{Limit: 1000}) {
		verdict, recovered := verdicts[r.UPID]
		switch {
		case recovered && verdict == task.QueueAgain:
			require.Equal(t, task.Queued, r.State, "%s", r.UPID)
			continue
		case recovered:
			interrupted++
			require.Equal(t, remedy.CodeInterrupted, r.Failure.Code)
		}
		require.True(t, r.State.Final(), "%s is stuck as %s", r.UPID, r.State)
		ended++
	}
	require.Equal(t, ended, counted(t, s))
	for _, c := range claims {
		require.NoError(t, c.Release())
	}
	requireNoLitter(t, s)
	return interrupted, len(claims)
}

// counted sums up the totals.
func counted(t testing.TB, s *Store) (n int64) {
	t.Helper()
	sums, err := s.Totals(t.Context(), time.Time{}, time.Time{})
	require.NoError(t, err)
	for _, sum := range sums {
		n += sum.Tasks
	}
	return n
}

// requireNoLitter checks that what victims were at does not pile up.
func requireNoLitter(t *testing.T, s *Store) {
	t.Helper()
	live, err := os.ReadDir(s.live())
	require.NoError(t, err)
	for _, e := range live {
		require.NotContains(t, e.Name(), draftEnd)
	}
	owners, err := os.ReadDir(s.owners())
	require.NoError(t, err)
	require.LessOrEqual(t, len(owners), 1+8, "owners that are gone")
}
