package diskstore

import (
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task"
)

// TestRecoverWhileTheOwnerEnds has the owner of a task go on, and end, after its journal was read and before anybody knows
// that it is gone: what it has written by then counts.
func TestRecoverWhileTheOwnerEnds(t *testing.T) {
	for name, test := range map[string]struct {
		before task.Record
		writes []task.Record
		fileAt int
		want   task.State
	}{
		"its task is ok":                  {begun(1), []task.Record{over(1)}, 1000, task.OK},
		"its task is ok, and filed":       {begun(1), []task.Record{over(1)}, 1, task.OK},
		"its task had just been begun":    {waiting(1), []task.Record{begun(1)}, 1000, task.Failed},
		"its task was begun, and is ok":   {waiting(1), []task.Record{begun(1), over(1)}, 1000, task.OK},
		"its task runs as it did before":  {begun(1), nil, 1000, task.Failed},
		"its task waits, and nobody runs": {waiting(1), nil, 1000, task.Failed},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			owner := open(t, dir, Options{FileAt: test.fileAt})
			records := []task.Record{waiting(1)}
			if test.before.State != task.Queued {
				records = append(records, test.before)
			}
			claim := makeTask(t, owner, records...)

			s := open(t, dir, Options{})
			r := &recovery{Store: s, now: newYear.Add(time.Hour), alive: map[string]bool{}}
			r.judge = func(task.Record) task.Verdict { return task.Interrupted }
			r.ask = func(id string) (bool, error) {
				for _, next := range test.writes {
					require.NoError(t, claim.Update(t.Context(), next))
				}
				require.NoError(t, owner.Close())
				return s.layout.alive(id)
			}
			require.NoError(t, r.run(t.Context()))
			got, err := s.Get(t.Context(), waiting(1).UPID)
			require.NoError(t, err)
			require.Equal(t, test.want, got.State)
		})
	}
}

// TestRecoverAfterAFailedRelease has a disk fail for a while: neither the end of a task can be recorded then, nor that its
// owner gives it up. The store that was its owner finds it again, while another one must not touch it.
func TestRecoverAfterAFailedRelease(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	claim := makeTask(t, s, waiting(1), begun(1))
	journal := s.journal(waiting(1).UPID.Position())
	require.NoError(t, os.Rename(journal, journal+"~"))
	require.Error(t, claim.Update(t.Context(), over(1)))
	require.Error(t, claim.Release())
	require.NoError(t, os.Rename(journal+"~", journal))

	interrupt := func(task.Record) task.Verdict { return task.Interrupted }
	other := open(t, dir, Options{})
	_, err := other.Recover(t.Context(), newYear.Add(time.Hour), interrupt)
	require.NoError(t, err)
	got, err := other.Get(t.Context(), waiting(1).UPID)
	require.NoError(t, err)
	require.Equal(t, task.Running, got.State, "its owner lives")

	claims, err := s.Recover(t.Context(), newYear.Add(time.Hour), func(task.Record) task.Verdict { return task.QueueAgain })
	require.NoError(t, err)
	require.Len(t, claims, 1)
	claims, err = s.Recover(t.Context(), newYear.Add(time.Hour), interrupt)
	require.NoError(t, err)
	require.Empty(t, claims)
	got, err = other.Get(t.Context(), waiting(1).UPID)
	require.NoError(t, err)
	require.Equal(t, task.Queued, got.State, "it is claimed")
}

// TestGoneOwnersBesideGarbage has files of owners removed although there is a journal that says nothing.
func TestGoneOwnersBesideGarbage(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	write(t, s.journal(waiting(9).UPID.Position()), "garbage\n")
	write(t, s.owner("GONE"), "")
	_, err := s.Recover(t.Context(), newYear, func(task.Record) task.Verdict { return task.LeaveAlone })
	require.ErrorIs(t, err, task.ErrUnreadable)
	require.NoFileExists(t, s.owner("GONE"))
}

// TestRecoverBesideRelease has a store recover what it is just giving up: it takes the task over, or leaves it for later.
func TestRecoverBesideRelease(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	var claims []*claim
	for n := 1; n <= 50; n++ {
		claims = append(claims, makeTask(t, s, waiting(n)))
	}
	var releasing sync.WaitGroup
	releasing.Go(func() {
		for _, c := range claims {
			assertNil(t, c.Release())
		}
	})
	released := make(chan struct{})
	go func() { releasing.Wait(); close(released) }()
	again := func(task.Record) task.Verdict { return task.QueueAgain }
	taken := map[task.UPID]bool{}
	for over := false; !over; {
		select {
		case <-released:
			over = true // after one more look
		default:
		}
		found, err := s.Recover(t.Context(), newYear, again)
		require.NoError(t, err)
		for _, c := range found {
			require.False(t, taken[c.Record().UPID], "taken over twice")
			taken[c.Record().UPID] = true
		}
	}
	require.Len(t, taken, 50)
}
