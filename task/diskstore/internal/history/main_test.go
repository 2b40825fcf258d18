package history

import (
	"flag"
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// TestMain is also the process that TestKill kills. What badger starts is gone after Close, all of it.
func TestMain(m *testing.M) {
	if dir := os.Getenv(victimFolder); dir != "" {
		victim(dir)
		return
	}
	if err := checkRoom(os.TempDir()); err != nil {
		fmt.Fprintf(os.Stderr, "the tests need room in %s: %v: set TMPDIR to a larger disk\n", os.TempDir(), err)
		os.Exit(1)
	}
	if os.Getenv("HEIRLOOM_TEST_FULL") == "" {
		if err := flag.Set("rapid.checks", "30"); err != nil {
			panic(err)
		}
	}
	goleak.VerifyTestMain(m)
}
