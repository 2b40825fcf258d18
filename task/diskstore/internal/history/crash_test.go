package history

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task"
)

const (
	victimFolder = "HEIRLOOM_TEST_HISTORY" // where the victim adds records
	batchOfKill  = 20
	luckless     = 10 // times the kills it may take until one of them hits what it is to hit
)

// victim adds batches of numbered records, tells of each on its standard output once it is in, and opens anew now and
// then. It goes on until it is killed.
func victim(dir string) {
	first, _ := strconv.Atoi(os.Args[1])
	for number := first; ; {
		db, err := Open(dir, Options{})
		if err != nil {
			fmt.Println("failed:", err)
			return
		}
		for range 1 + rand.IntN(5) {
			if err := db.Add(context.Background(), killRecords(number)); err != nil {
				fmt.Println("failed:", err)
				return
			}
			number++
			fmt.Println(number)
		}
		if err := db.Close(); err != nil {
			fmt.Println("failed:", err)
			return
		}
	}
}

// killRecords returns the records of a batch, the same at each call.
func killRecords(batch int) []task.Record {
	records := make([]task.Record, batchOfKill)
	for i := range records {
		n := batch*batchOfKill + i
		records[i] = sample(uint64(n), firstDay.Add(time.Duration(n)*time.Minute), "backup", "root", task.OK)
	}
	return records
}

// TestKill kills a process that adds records at moments of chance. What it told of is there, what it was at is there as
// a whole or not at all, adding it again counts it once, and the totals say what the records say.
func TestKill(t *testing.T) {
	kills := 20
	if os.Getenv("HEIRLOOM_TEST_FULL") != "" {
		kills = 100
	}
	dir := filepath.Join(t.TempDir(), "history")
	acknowledged, repaired := 0, 0
	n := 0
	for ; n < kills || repaired == 0 && n < luckless*kills; n++ {
		acknowledged = killOnce(t, dir, acknowledged, n%2 == 1)
		if db, err := Open(dir, Options{ReadOnly: true}); err == nil { // killed while it was closed
			checkKilled(t, db, acknowledged)
			require.NoError(t, db.Close())
		} else {
			require.ErrorIs(t, err, ErrNeedsRepair)
			repaired++
		}
		db, err := Open(dir, Options{})
		require.NoError(t, err)
		checkKilled(t, db, acknowledged)
		require.NoError(t, db.Add(t.Context(), killRecords(acknowledged)), "what may have been in is added again")
		acknowledged++
		checkKilled(t, db, acknowledged)
		require.NoError(t, db.Close())
	}
	require.Positive(t, repaired)
	t.Logf("%d batches before the last kill; %d of %d kills left it open", acknowledged, repaired, n)
}

// killOnce starts a victim, kills it, and returns how many batches are in for certain. Where the machine is slow, a victim
// that is killed soon after its start has not come to anything; one that is killed soon after it told of something has.
func killOnce(t *testing.T, dir string, acknowledged int, hasTold bool) int {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	child := exec.CommandContext(ctx, os.Args[0], strconv.Itoa(acknowledged))
	child.Env = append(os.Environ(), victimFolder+"="+dir)
	out, err := child.StdoutPipe()
	require.NoError(t, err)
	child.Stderr = os.Stderr
	require.NoError(t, child.Start())
	told := bufio.NewReader(out)
	if hasTold {
		_, _ = told.Peek(1) // without anything told, it has ended, which is seen below
	}
	deadly := time.AfterFunc(time.Duration(15+rand.IntN(85))*time.Millisecond, cancel)
	defer deadly.Stop()
	for lines := bufio.NewScanner(told); lines.Scan(); {
		acknowledged, err = strconv.Atoi(lines.Text())
		require.NoError(t, err, lines.Text())
	}
	require.Error(t, child.Wait(), "it ends by being killed only")
	return acknowledged
}

// checkKilled checks that the first batches are there, at most one more, and totals that fit.
func checkKilled(t *testing.T, db *DB, batches int) {
	found := len(list(t, db, task.Query{}))
	require.Contains(t, []int{batches * batchOfKill, (batches + 1) * batchOfKill}, found)
	require.Len(t, list(t, db, task.Query{Users: []string{"root"}}), found)
	sums, err := db.Totals(t.Context(), time.Time{}, time.Time{})
	require.NoError(t, err)
	var counted int64
	for _, sum := range sums {
		counted += sum.Tasks
	}
	require.EqualValues(t, found, counted)
}
