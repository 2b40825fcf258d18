package tasktest

import (
	"slices"
	"testing"
	"time"

	"github.com/heirloom-backup/heirloom/task"
)

// StoreHarness is how RunStore gets at a kind of store.
type StoreHarness struct {
	// Place makes an empty place and returns what opens it, which is called several times, as if by several processes
	// at a time. What was opened is closed by the test; what the place itself takes up is for t.Cleanup.
	Place func(t testing.TB) (open func() (task.Store, error))

	// Crash drops a store as the end of its process would, without closing it: what it owned has no owner any more. Nil
	// is for stores that do not outlast their process; Place's function then returns the same store at each call.
	Crash func(s task.Store) error

	// Patience is how long the test waits for what a store does in its own time, before it fails; 0 stands for 10 s.
	Patience time.Duration
}

// RunStore checks a store against every rule of task.Store and the interfaces it is made of. Each rule is a subtest with
// a place of its own. A rule that is broken is printed with its reason.
func RunStore(t *testing.T, h StoreHarness) {
	runRules(t, storeRules(), func(t *testing.T) *place { return newPlace(t, h) })
	t.Run("outlasts its process", func(t *testing.T) {
		if h.Crash == nil {
			t.Skip("the harness says that the store does not outlast its process")
		}
		runRules(t, lastingRules(), func(t *testing.T) *place { return newPlace(t, h) })
	})
}

func storeRules() []rule[*place] {
	return slices.Concat(createRules, updateRules, claimRules, cancelRules, listRules, filterRules, totalRules,
		recoverRules, logRules, pruneRules, concurrencyRules)
}

// lastingRules are for stores that outlast their process.
func lastingRules() []rule[*place] { return slices.Concat(closeRules, crashRules) }
