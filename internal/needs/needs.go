// Package needs skips tests where the machine lacks something, unless nothing may be skipped.
package needs

import "os"

// noSkip is the environment variable that, set to 1, forbids to skip.
const noSkip = "HEIRLOOM_TEST_NO_SKIP"

// Test is what is needed of a *testing.T.
type Test interface {
	Helper()
	Skipf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// That skips the test unless the machine has what it needs.
func That(t Test, have bool, what string) {
	t.Helper()
	switch {
	case have:
	case os.Getenv(noSkip) == "1":
		t.Fatalf("needs %s, and %s forbids to skip", what, noSkip)
	default:
		t.Skipf("needs %s", what)
	}
}
