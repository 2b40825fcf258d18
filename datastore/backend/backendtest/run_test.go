package backendtest

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
)

func TestMemKeepsEveryRule(t *testing.T) {
	Run(t, func(*testing.T) backend.Backend { return mem.New() })
	RunPersistent(t, func(*testing.T) func() backend.Backend {
		b := mem.New()
		return func() backend.Backend { return b }
	})
}

func TestFaultyWithoutFaultsKeepsEveryRule(t *testing.T) {
	Run(t, func(*testing.T) backend.Backend { return New(mem.New()) })
}

// The suite is only worth what it finds: each rule must fail for a backend that breaks it.
func TestEveryRuleFindsItsBreach(t *testing.T) {
	for _, r := range allRules() {
		t.Run(r.name, func(t *testing.T) {
			breach, ok := breaches[r.name]
			require.True(t, ok, "no backend breaks this rule")
			for i, broken := range breach {
				notes := complaints(t.Context(), func(n tester) { r.check(n, broken(mem.New())) })
				require.NotEmpty(t, notes, "breach %d was not found", i)
			}
		})
	}
}

func TestPersistentRulesFindTheirBreaches(t *testing.T) {
	separate := func() backend.Backend { return mem.New() }
	shared := mem.New()
	overwriting := func() backend.Backend { return overwrites(shared) }
	for _, r := range persistentRules {
		open := separate
		if strings.HasPrefix(r.name, "put if absent") {
			open = overwriting
		}
		require.NotEmpty(t, complaints(t.Context(), func(n tester) { r.check(n, open) }), r.name)
	}
}

// notes is a tester that takes note of failures and ends the check at the first fatal one.
type notes struct {
	ctx      context.Context
	failures []string
}

func complaints(ctx context.Context, check func(tester)) []string {
	n := &notes{ctx: ctx}
	done := make(chan struct{})
	go func() { // of its own, because FailNow ends the goroutine
		defer close(done)
		check(n)
	}()
	<-done
	return n.failures
}

func (n *notes) Errorf(format string, args ...any) {
	n.failures = append(n.failures, fmt.Sprintf(format, args...))
}
func (n *notes) FailNow()                 { runtime.Goexit() }
func (n *notes) Helper()                  {}
func (n *notes) Context() context.Context { return n.ctx }
