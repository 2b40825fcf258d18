package diskstore

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/heirloom-backup/heirloom/task"
	"github.com/heirloom-backup/heirloom/task/progress"
)

// victimFolder is set in the process that is to be killed: the store it works in.
const victimFolder = "HEIRLOOM_TEST_TASKS"

// Facts that the victim prints once they are certain: each is one line and one write.
const (
	factSubmitted = "submitted" // and a UPID
	factEnded     = "ended"     // and a UPID and a state
	factLogged    = "logged"    // and a UPID and the message of a line
	factTrouble   = "trouble"   // and an error
)

// killOptions have records filed all the time, and nobody give up because the machine is slow.
var killOptions = Options{FileAt: 15, Linger: -1, WishEvery: 10 * time.Millisecond, Patience: time.Minute}

// victim runs tasks until it is killed, or for a minute. Nothing that comes before has a limit: on a slow machine it would
// be one that fails.
func victim(dir string) {
	store, err := Open(dir, killOptions)
	if err != nil {
		fmt.Println(factTrouble, err)
		return
	}
	runner, err := task.NewRunner(context.Background(), task.Options{Store: store, Slots: 4, Patience: time.Minute,
		PublishEvery: 5 * time.Millisecond, Handlers: map[string]task.Func{"again": work}})
	if err != nil {
		fmt.Println(factTrouble, err)
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	var threads sync.WaitGroup
	threads.Go(func() { tellEnds(ctx, runner) })
	for range 3 {
		threads.Go(func() { submitAll(ctx, runner) })
	}
	threads.Wait()
	if err := errors.Join(runner.Close(context.Background()), store.Close()); err != nil {
		fmt.Println(factTrouble, err)
	}
}

// tellEnds prints the end of each task, also of those that an earlier victim left behind.
func tellEnds(ctx context.Context, runner *task.Runner) {
	for e, err := range runner.Watch(ctx, task.Watching{}) {
		switch {
		case err != nil && ctx.Err() == nil:
			fmt.Println(factTrouble, err)
		case err == nil && e.Changed && e.Record.State.Final():
			fmt.Println(factEnded, e.Record.UPID, e.Record.State)
		}
	}
}

// submitAll submits tasks of which half are to be run again after a crash, a few at a time.
func submitAll(ctx context.Context, runner *task.Runner) {
	for n := 0; ctx.Err() == nil; n++ {
		spec := task.Spec{Type: "once", User: "ada@pam", Source: strconv.Itoa(n)}
		if n%2 == 0 {
			spec.Type, spec.Requeue = "again", true
		}
		t, err := runner.Submit(ctx, spec, work)
		if err != nil {
			if ctx.Err() == nil {
				fmt.Println(factTrouble, err)
			}
			return
		}
		fmt.Println(factSubmitted, t.UPID())
		if n%7 == 0 {
			t.Cancel("eve@pam", "by way of trial")
		}
		if n%5 == 4 { // else more wait than there are slots
			_, _ = t.Wait(ctx)
		}
	}
}

// work logs, publishes, warns and fails, by the number of the task.
func work(ctx context.Context, run *task.Run) error {
	stage := run.Stage("copy", progress.Total{Items: 4})
	for i := range 4 {
		message := fmt.Sprintf("line %d of attempt %d", i, run.Attempt())
		run.Log().InfoContext(ctx, message, "of", run.UPID())
		fmt.Println(factLogged, run.UPID(), message)
		stage.AddItems(1)
	}
	n, _ := strconv.Atoi(run.Spec().Source)
	switch {
	case n%11 == 1:
		run.Warn("/etc/shadow", errors.New("denied"))
	case n%11 == 2:
		return errors.New("no space left on device")
	case n%11 == 3: // is likely to be killed
		select {
		case <-ctx.Done():
		case <-time.After(time.Duration(n) * time.Millisecond):
		}
	}
	return ctx.Err()
}
