package task

import (
	"cmp"
	"fmt"
	"log/slog"
	"runtime"
	"time"

	"github.com/heirloom-backup/heirloom/task/remedy"
)

// Options are what a Runner goes by. The zero value of each field does something sensible.
type Options struct {
	Store  Store  // nil: a new one in memory
	Queue  Queue  // nil: a new one in memory, with Limits; no two runners share one
	Limits Limits // of the queue that is made where Queue is nil

	// Slots is how many tasks run at a time; 0 stands for one for each CPU that Go uses.
	Slots int

	// Backlog is how many tasks may wait; Submit refuses more. 0 stands for 100,000.
	Backlog int

	// Handlers has, by type, what the tasks do that a process before this one left behind, see Spec.Requeue, and those
	// that are submitted without a function.
	Handlers map[string]Func

	// Grace is how long a task may take to stop after it was asked to. One that goes on is then recorded as failed, with
	// remedy.CodeIgnoredCancel, and loses its slot; its key stays taken until it really ends. 0 stands for 30 s.
	Grace time.Duration

	// Patience is how long the runner tries to make the end of a task durable where the store refuses it, for want of
	// space say. Tasks that wait when the runner is closed share one. 0 stands for 10 s.
	Patience time.Duration

	// Remedies explain errors, before remedy.System does.
	Remedies remedy.Table

	// LogLevel is the least level that a task's log takes in; nil stands for slog.LevelDebug. LogLimit is how large the
	// log of a task becomes, in bytes; 0 stands for 16 MiB, a negative one has no limit.
	LogLevel slog.Leveler
	LogLimit int64

	// PublishEvery is how often the progress of running tasks is published to the store; 0 stands for a second.
	PublishEvery time.Duration

	// Logger learns of what no task's log can hold, such as a store that fails; nil is silent.
	Logger *slog.Logger

	// Now is the clock; nil stands for time.Now. Process is who makes tasks; the zero value stands for ThisProcess.
	Now     func() time.Time
	Process Process
}

// withDefaults fills in what is zero.
func (o Options) withDefaults() Options {
	o.Slots = cmp.Or(o.Slots, runtime.GOMAXPROCS(0))
	o.Backlog = cmp.Or(o.Backlog, 100_000)
	o.Grace = cmp.Or(o.Grace, 30*time.Second)
	o.Patience = cmp.Or(o.Patience, 10*time.Second)
	o.PublishEvery = cmp.Or(o.PublishEvery, time.Second)
	o.Process = cmp.Or(o.Process, ThisProcess())
	o.Logger = cmp.Or(o.Logger, slog.New(slog.DiscardHandler))
	if o.LogLevel == nil {
		o.LogLevel = slog.LevelDebug
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Store == nil {
		o.Store = NewMemory()
	}
	if o.Queue == nil {
		o.Queue = NewQueue(o.Limits)
	}
	o.Remedies = append(append(remedy.Table{}, o.Remedies...), remedy.System()...)
	return o
}

func (o *Options) validate() error {
	numbers := []struct {
		name  string
		value int64
	}{
		{"Slots", int64(o.Slots)}, {"Backlog", int64(o.Backlog)}, {"Grace", int64(o.Grace)},
		{"Patience", int64(o.Patience)}, {"PublishEvery", int64(o.PublishEvery)},
	}
	for _, n := range numbers {
		if n.value < 0 {
			return fmt.Errorf("task options: %s is negative: %d", n.name, n.value)
		}
	}
	for kind, f := range o.Handlers {
		if f == nil {
			return fmt.Errorf("task options: the handler of %q is nil", kind)
		}
	}
	return nil
}
