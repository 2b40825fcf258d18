package diskstore

import (
	"bufio"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task"
)

// facts are what victims have told.
type facts struct {
	submitted map[task.UPID]bool
	ended     map[task.UPID]task.State
	logged    map[task.UPID][]string // the last victim only
	lines     int                    // of all of them
}

func newFacts() *facts {
	return &facts{submitted: map[task.UPID]bool{}, ended: map[task.UPID]task.State{}}
}

// learn reads what a victim prints until it ends. A line that it has not finished is no fact.
func (f *facts) learn(t *testing.T, out io.Reader) {
	t.Helper()
	f.logged = map[task.UPID][]string{}
	for r := bufio.NewReader(out); ; {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		kind, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		name, detail, _ := strings.Cut(rest, " ")
		require.NotEqual(t, factTrouble, kind, line)
		id, err := task.ParseUPID(name)
		require.NoError(t, err, line)
		switch kind {
		case factSubmitted:
			f.submitted[id] = true
		case factEnded:
			require.Empty(t, f.ended[id], "%s ends twice", id)
			f.ended[id] = task.State(detail)
		case factLogged:
			f.logged[id] = append(f.logged[id], detail)
			f.lines++
		default:
			require.Fail(t, "no fact", line)
		}
	}
}
