package backendtest

import (
	"context"
	"testing"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

// Run checks a backend against every rule of backend.Backend. Each rule is a subtest that gets an empty backend of its
// own from open, which also arranges for its removal (t.Cleanup). A rule that is broken is printed with its reason.
// About 3000 objects and 100 MiB are written in all.
func Run(t *testing.T, open func(t *testing.T) backend.Backend) {
	for _, r := range allRules() {
		t.Run(r.name, func(t *testing.T) {
			explain(t, r.why)
			r.check(t, open(t))
		})
	}
}

// RunPersistent checks what a backend promises beyond the life of one process: create makes an empty storage and
// returns a function that opens it, which is called several times, also while another opening is in use.
func RunPersistent(t *testing.T, create func(t *testing.T) (open func() backend.Backend)) {
	for _, r := range persistentRules {
		t.Run(r.name, func(t *testing.T) {
			explain(t, r.why)
			r.check(t, create(t))
		})
	}
}

// rule is one sentence of the contract and the check of it.
type rule[Subject any] struct {
	name, why string
	check     func(t tester, s Subject)
}

// tester is the part of testing.T that checks use: the kit's own tests hand in one that only takes note of failures.
type tester interface {
	Errorf(format string, args ...any)
	FailNow()
	Helper()
	Context() context.Context
}

func explain(t *testing.T, why string) {
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the rule: %s", why)
		}
	})
}

func allRules() []rule[backend.Backend] {
	var all []rule[backend.Backend]
	for _, rules := range [][]rule[backend.Backend]{
		putRules, getRules, listRules, deleteRules, nameRules, contextRules, concurrencyRules,
	} {
		all = append(all, rules...)
	}
	return all
}
