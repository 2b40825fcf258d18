//go:build linux

package endtoend

import (
	"errors"
	"fmt"
	"iter"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
)

// TestPowerLoss records programs at work and looks at every state that a loss of power could leave of their store, at any
// moment and with any of the writes that were under way done or not. In each the store opens, all of it is sound, what
// was promised by then is there bit for bit, and life goes on.
func TestPowerLoss(t *testing.T) {
	for _, sc := range scenarios {
		t.Run(sc.name, func(t *testing.T) { sc.judge(t) })
	}
}

func (sc *scenario) judge(t *testing.T) {
	t.Helper()
	r := newRecording(t)
	r.run(sc.before...)
	r.start(nil)
	r.run(sc.recorded...)
	r.judgeStates(sampled(12, allStates))
}

// run runs programs one after the other.
func (r *recording) run(programs ...program) {
	r.t.Helper()
	for _, p := range programs {
		require.NoError(r.t, p(r))
	}
}

// allStates is to judge every state of a recording.
const allStates = 1 << 30

// judgeStates judges about as many states as wanted, and says how many there were.
func (r *recording) judgeStates(wanted int) (judged, of int) {
	r.t.Helper()
	judged, err := r.violations(wanted)
	of = r.count()
	r.t.Logf("%d crash points of %d", judged, of)
	require.NoError(r.t, err)
	return judged, of
}

// violations judges states and returns what is wrong with the first of them that are not as they should be.
func (r *recording) violations(wanted int) (judged int, err error) {
	const enough = 3
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	found := make(chan error, 1<<16)
	sources := r.sources()
	for p, state := range r.states(wanted) {
		if len(found) >= enough {
			break
		}
		judged++
		group.Go(func() error {
			if err := r.judge(p, state, sources, ""); err != nil {
				found <- err
			}
			return nil
		})
	}
	_ = group.Wait() // what went wrong was sent
	close(found)
	for e := range found {
		err = errors.Join(err, e)
	}
	return judged, err
}

func (r *recording) states(wanted int) iter.Seq2[backendtest.Point, *mem.Backend] {
	if wanted == allStates {
		return r.rec.States()
	}
	return r.rec.Sample(wanted, luck(r.t).Uint64())
}

func (r *recording) count() (n int) {
	for range r.rec.States() {
		n++
	}
	return n
}

// judge judges one state, which it changes. A machine that has a cache, unless that is "", goes on with it.
func (r *recording) judge(p backendtest.Point, state *mem.Backend, sources []saved, cache string) error {
	marks := append(r.marks[:r.early:r.early], p.Marks...)
	s := &survivor{recording: r, promises: promised(marks), storage: state, sources: sources,
		cache: cache, fresh: map[chunk.ID]tableau{}}
	if err := s.judge(r.t.Context()); err != nil {
		return fmt.Errorf("%s: promised %q: %w", p, marks, err)
	}
	return nil
}
