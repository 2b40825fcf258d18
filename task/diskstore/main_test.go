package diskstore

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"syscall"
	"testing"

	"go.uber.org/goleak"

	"github.com/heirloom-backup/heirloom/task/diskstore/internal/history"
)

// TestMain is also the process that TestKill kills.
func TestMain(m *testing.M) {
	if dir := os.Getenv(victimFolder); dir != "" {
		victim(dir)
		return
	}
	if err := tryHistory(); errors.Is(err, syscall.ENOSPC) {
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

// tryHistory opens a history where the tests will have theirs. It refuses to be on a disk that is nearly full.
func tryHistory() error {
	dir, err := os.MkdirTemp("", "heirloom-history-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	db, err := history.Open(dir, history.Options{})
	if err != nil {
		return err
	}
	return db.Close()
}
