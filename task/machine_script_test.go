package task

import (
	"context"
	"maps"
	"runtime"
	"slices"
	"time"

	"pgregory.net/rapid"

	"github.com/heirloom-backup/heirloom/task/progress"
	"github.com/heirloom-backup/heirloom/task/remedy"
)

// plan is what one task of a machine is and does.
type plan struct {
	Kind     string
	Key      string
	Does     string
	Priority int
	Requeue  bool
}

// deeds are what a task may do.
var deeds = map[string]Func{
	"ok":   func(context.Context, *Run) error { time.Sleep(time.Second); return nil },
	"warn": func(_ context.Context, run *Run) error { run.Warn("a", errBroken); return nil },
	"fail": fail,
	"panic": func(context.Context, *Run) error {
		time.Sleep(time.Second)
		panic("boo")
	},
	"goexit": func(context.Context, *Run) error { runtime.Goexit(); return nil },
	"flaky": func(_ context.Context, run *Run) error {
		time.Sleep(time.Second)
		if run.Attempt() < 3 {
			return remedy.New("flaky", remedy.Transient, "", errBroken)
		}
		return nil
	},
	"obey":   obey, // until its deadline, if nobody asks before
	"linger": func(ctx context.Context, _ *Run) error { <-ctx.Done(); time.Sleep(5 * time.Second); return ctx.Err() },
	"count slowly": func(ctx context.Context, run *Run) error {
		run.Stage("a", progress.Total{}).Follow(func() progress.Count { time.Sleep(2 * time.Second); return progress.Count{} })
		return obey(ctx, run)
	},
	"count too long": func(_ context.Context, run *Run) error {
		run.Stage("a", progress.Total{}).Follow(func() progress.Count { time.Sleep(2 * time.Minute); return progress.Count{} })
		time.Sleep(time.Second)
		return nil
	},
	"ignore": func(ctx context.Context, _ *Run) error { <-ctx.Done(); time.Sleep(5 * time.Minute); return nil },
}

// step is something that happens to a machine: a task is submitted, or one is cancelled, or there is a pause.
type step struct {
	Does string
	Task int // the number of the one that is cancelled
	Plan plan
	Then time.Duration // passes before the next one
}

// script is all that happens to a machine.
type script struct {
	Slots    int
	Steps    []step
	End      string
	Refuses  map[int]bool // which updates the store refuses
	Observer time.Duration
}

func drawScript(t *rapid.T) script {
	names := slices.Sorted(maps.Keys(deeds))
	plans := rapid.Custom(func(t *rapid.T) plan {
		return plan{
			Kind:     rapid.SampledFrom([]string{"one", "two", "any"}).Draw(t, "kind"),
			Key:      rapid.SampledFrom([]string{"", "", "a", "b", "shared"}).Draw(t, "key"),
			Does:     rapid.SampledFrom(names).Draw(t, "does"),
			Priority: rapid.IntRange(-1, 1).Draw(t, "priority"),
			Requeue:  rapid.Bool().Draw(t, "requeue"),
		}
	})
	steps := rapid.Custom(func(t *rapid.T) step {
		does := rapid.SampledFrom([]string{"submit", "submit", "submit", "cancel", "ask the store", "pause", "resume"})
		then := rapid.SampledFrom([]time.Duration{0, 0, time.Millisecond, time.Second, 7 * time.Second})
		return step{does.Draw(t, "does"), rapid.IntRange(0, 20).Draw(t, "task"), plans.Draw(t, "plan"), then.Draw(t, "then")}
	})
	return script{
		Slots:    rapid.IntRange(1, 4).Draw(t, "slots"),
		Steps:    rapid.SliceOfN(steps, 1, 30).Draw(t, "steps"),
		End:      rapid.SampledFrom([]string{"drain", "close", "close at once", "drain a while"}).Draw(t, "end"),
		Refuses:  rapid.MapOfN(rapid.IntRange(0, 40), rapid.Just(true), 0, 5).Draw(t, "refuses"),
		Observer: rapid.SampledFrom([]time.Duration{time.Millisecond, time.Second}).Draw(t, "observer"),
	}
}
