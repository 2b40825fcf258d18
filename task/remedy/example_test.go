package remedy_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"syscall"
	"time"

	"github.com/heirloom-backup/heirloom/task/remedy"
)

// What the system said becomes something that a person can act on.
func Example() {
	err := fmt.Errorf("write pack: %w", &fs.PathError{Op: "write", Path: "/srv/store/packs/7f", Err: syscall.ENOSPC})

	failure := remedy.System().Explain(err)
	fmt.Println(failure.Code, failure.Class)
	fmt.Println(failure.Tip)
	// Output:
	// disk-full user
	// Make room on the disk that the message names, or raise the quota; then start it again.
}

// A program's own rows go before those of the system: here the store says what a missing file means.
func ExampleTable() {
	errNoStore := fmt.Errorf("no store here: %w", fs.ErrNotExist)
	own := remedy.Table{{
		Matches: func(err error) bool { return errors.Is(err, errNoStore) },
		Code:    "no-store", Class: remedy.User, Tip: "Make one with `init`, or mount the disk that has it.",
	}}
	table := append(own, remedy.System()...)

	fmt.Println(table.Explain(errNoStore).Code)
	fmt.Println(table.Explain(fs.ErrNotExist).Code)
	// Output:
	// no-store
	// not-exist
}

// Where an error arises that nobody could recognize later, it is given its explanation at once.
func ExampleNew() {
	runHook := func() error {
		err := errors.New("exit status 3")
		return remedy.New("hook-failed", remedy.User, "Run the hook by hand and see what it says.", err)
	}

	failure := remedy.System().Explain(fmt.Errorf("before the backup: %w", runHook()))
	fmt.Printf("%s: %s\n%s\n", failure.Code, failure.Message, failure.Tip)
	// Output:
	// hook-failed: before the backup: exit status 3
	// Run the hook by hand and see what it says.
}

// Without a runner, Do tries again what may go well later.
func ExampleRetry_Do() {
	calls := 0
	fetch := func(context.Context) error {
		if calls++; calls < 3 {
			return syscall.ECONNREFUSED
		}
		return nil
	}

	retry := remedy.Retry{Attempts: 5, First: time.Millisecond}
	err := retry.Do(context.Background(), remedy.System(), fetch)
	fmt.Println(calls, "calls:", err)
	// Output: 3 calls: <nil>
}

// A caller with a clock of its own asks how long to wait.
func ExampleRetry_Delay() {
	retry := remedy.Retry{Attempts: 5, First: 10 * time.Second, Most: time.Minute}
	for attempt := 1; attempt < retry.Attempts; attempt++ {
		fmt.Println(retry.Delay(attempt, 0), "or, with the most jitter,", retry.Delay(attempt, 1))
	}
	// Output:
	// 10s or, with the most jitter, 5s
	// 20s or, with the most jitter, 10s
	// 40s or, with the most jitter, 20s
	// 1m0s or, with the most jitter, 30s
}
