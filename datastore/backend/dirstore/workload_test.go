package dirstore

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

// operation is one step of a workload: a Put, or a Delete if there is no data.
type operation struct{ name, data string }

// long has every kind of step that a process can take by itself: first and later objects of a folder, folders in
// folders, a name put again after its deletion, a name that is taken, a deletion of nothing.
var long = []operation{
	{"heirloom.json", "{}"}, {"packs/ab/1", "one"}, {"packs/ab/2", "two"}, {"packs/cd/3", "three"},
	{"packs/ab/1", ""}, {"packs/ab/1", "other"}, {"packs/ab/2", "taken"}, {"packs/none/9", ""},
	{"snapshots/1", "1 and 2"}, {"packs/cd/3", ""}, {"heirloom.json", ""},
}

// short leaves room for another process that steps in at each moment, and others are what that one does.
var (
	short  = []operation{{"packs/ab/1", "one"}, {"packs/ab/2", "two"}, {"packs/ab/1", ""}}
	others = [][]operation{{{"packs/ab/3", "three"}}, {{"packs/ab/2", "mine"}}, {{"packs/ab/1", ""}}, {{"index/1", "i"}}}
)

func (m *machine) run(work []operation) {
	defer m.start()()
	for _, o := range work {
		m.do(o)
		m.judgeAll() // the promise is new, though nothing on the disk is
	}
}

func (m *machine) do(o operation) {
	if o.data == "" {
		require.NoError(m.t, m.recorder.Delete(m.t.Context(), o.name))
		return
	}
	err := m.recorder.Put(m.t.Context(), o.name, []byte(o.data))
	if err != nil && !errors.Is(err, backend.ErrExist) {
		require.ErrorContains(m.t, err, "another process stores it at this moment") // for want of links
	}
}

// alone runs one process. It returns how many states a power loss could leave, and what is wrong with the first bad one.
func alone(t *testing.T, variant func(disk) disk, known verdicts) (states int, fault string) {
	m := newMachine(t, variant, known)
	m.run(long)
	return m.states, m.fault
}

// together runs two processes, of which the other one steps in after each change that the first one makes.
func together(t *testing.T, variant func(disk) disk, known verdicts) (states int, fault string) {
	for _, other := range others {
		for at, reached := 1, true; reached && fault == ""; at++ {
			m := newMachine(t, variant, known)
			m.at, reached = at, false
			m.other = func() {
				reached = true
				m.run(other)
			}
			m.run(short)
			states, fault = states+m.states, m.fault
		}
	}
	return states, fault
}

func asItIs(d disk) disk { return d }

func TestPowerLossKeepsEveryPromise(t *testing.T) {
	known := verdicts{}
	for name, variant := range map[string]func(disk) disk{
		"with links":    asItIs,
		"without links": func(d disk) disk { return linkless{d} },
	} {
		t.Run(name, func(t *testing.T) {
			states, fault := alone(t, variant, known)
			require.Empty(t, fault)
			more, fault := together(t, variant, known)
			require.Empty(t, fault)
			t.Logf("%d states of one process, %d of two", states, more)
			require.Greater(t, states, 200)
			require.Greater(t, more, 10_000)
		})
	}
}
