package interleave

import (
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"
)

// stall is how much real time may pass without a step.
const stall = 30 * time.Second

// watchdog notices when a bubble makes no step any more. It lives outside of the bubbles, where time is real.
type watchdog struct {
	mu    sync.Mutex
	steps int
	moves schedule

	stopping chan struct{}
	group    sync.WaitGroup
}

// watch calls alarm once if no step is made between two looks at it, which are the given time apart.
func watch(every time.Duration, alarm func(schedule)) *watchdog {
	w := &watchdog{stopping: make(chan struct{})}
	w.group.Go(func() {
		ticker := time.NewTicker(every)
		defer ticker.Stop()
		for last := 0; ; {
			select {
			case <-w.stopping:
				return
			case <-ticker.C:
			}
			steps, moves := w.look()
			if steps == last {
				alarm(moves)
				return
			}
			last = steps
		}
	})
	return w
}

func (w *watchdog) look() (int, schedule) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.steps, slices.Clone(w.moves)
}

// step says that the bubble is alive, and which moves it has made so far.
func (w *watchdog) step(moves schedule) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.steps++
	w.moves = append(w.moves[:0], moves...)
}

func (w *watchdog) stop() {
	close(w.stopping)
	w.group.Wait()
}

// die ends the process: no other way leads out of a bubble that stands still.
func die(moves schedule) {
	stacks := make([]byte, 4<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	panic(fmt.Sprintf("no step for %v after the schedule %q: either an actor computes without end, or one of its "+
		"goroutines waits for a mutex that another holds during an operation (package interleave)\n\n%s",
		stall, moves, stacks))
}
