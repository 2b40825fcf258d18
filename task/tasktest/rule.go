package tasktest

import "testing"

// rule is one sentence of a contract and the check of it. Checks take the interface, so that the kit's own tests can
// hand in one that only takes note of failures.
type rule[Subject any] struct {
	name, why string
	check     func(t testing.TB, s Subject)
}

func runRules[Subject any](t *testing.T, rules []rule[Subject], subject func(t *testing.T) Subject) {
	for _, r := range rules {
		t.Run(r.name, func(t *testing.T) {
			t.Cleanup(func() {
				if t.Failed() {
					t.Logf("the rule: %s", r.why)
				}
			})
			r.check(t, subject(t))
		})
	}
}
