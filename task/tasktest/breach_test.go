package tasktest

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task"
)

func TestMain(m *testing.M) {
	for name, value := range map[string]string{"rapid.checks": "50", "rapid.nofailfile": "true"} {
		if err := flag.Set(name, value); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// The suite is only worth what it finds: each rule must fail for a store that breaks it.
func TestEveryStoreRuleFindsItsBreach(t *testing.T) {
	for _, r := range storeRules() {
		t.Run(r.name, func(t *testing.T) {
			breach, ok := storeBreaches[r.name]
			require.True(t, ok, "no store breaks this rule")
			h := StoreHarness{Place: func(testing.TB) func() (task.Store, error) {
				s := breach(task.NewMemory())
				return func() (task.Store, error) { return s, nil }
			}}
			requireComplaint(t, func(n testing.TB) { r.check(n, newPlace(n, h)) })
		})
	}
}

func TestEveryQueueRuleFindsItsBreach(t *testing.T) {
	for _, r := range queueRules() {
		t.Run(r.name, func(t *testing.T) {
			breach, ok := queueBreaches[r.name]
			require.True(t, ok, "no queue breaks this rule")
			h := QueueHarness{Place: breach.place}.withDefaults()
			requireComplaint(t, func(n testing.TB) { r.check(n, &h) })
		})
	}
}

// Rules about crashes fail for a store that forgets, or never lets go.
func TestEveryCrashRuleFindsItsBreach(t *testing.T) {
	forgetful := func() (task.Store, error) { return task.NewMemory(), nil }
	open := func() (task.Store, error) { return neverCloses(task.NewMemory()), nil }
	for _, r := range lastingRules() {
		breach := forgetful
		if r.name == "closed store" { // which a memory store does well
			breach = open
		}
		h := StoreHarness{Place: func(testing.TB) func() (task.Store, error) { return breach },
			Crash: func(task.Store) error { return nil }}
		t.Run(r.name, func(t *testing.T) {
			requireComplaint(t, func(n testing.TB) { r.check(n, newPlace(n, h)) })
		})
	}
	h := QueueHarness{Crash: func(task.Queue) error { return nil },
		Place: func(_ testing.TB, l task.Limits) func() (task.Queue, error) {
			return func() (task.Queue, error) { return task.NewQueue(l), nil }
		}}.withDefaults()
	for _, r := range queueCrashRules {
		t.Run(r.name, func(t *testing.T) {
			requireComplaint(t, func(n testing.TB) { r.check(n, &h) })
		})
	}
}

// requireComplaint checks that a rule is found to be broken. It is checked in a bubble, in which no time passes while
// somebody is at work: what is found does not depend on how fast the machine is.
func requireComplaint(t *testing.T, check func(testing.TB)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { require.NotEmpty(t, complaints(t, check)) })
}

// notes takes note of failures, and ends the check at the first fatal one.
type notes struct {
	testing.TB
	ctx context.Context

	mu       sync.Mutex
	failures []string
}

func complaints(t *testing.T, check func(testing.TB)) []string {
	n := &notes{TB: t, ctx: t.Context()}
	done := make(chan struct{})
	go func() { // of its own, because FailNow ends the goroutine
		defer close(done)
		check(n)
	}()
	<-done
	return n.failures
}

func (n *notes) Context() context.Context { return n.ctx }
func (n *notes) Errorf(format string, args ...any) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.failures = append(n.failures, fmt.Sprintf(format, args...))
}
func (n *notes) Error(args ...any)   { n.Errorf("%s", fmt.Sprint(args...)) }
func (n *notes) FailNow()            { n.Errorf("fatal"); runtime.Goexit() }
func (n *notes) Fail()               { n.Errorf("failed") }
func (n *notes) Failed() bool        { return len(n.failures) > 0 }
func (n *notes) Logf(string, ...any) {}
func (n *notes) Fatalf(format string, args ...any) {
	n.Errorf(format, args...)
	runtime.Goexit()
}
