package task

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/heirloom-backup/heirloom/task/remedy"
)

// machine is a runner that does what a script says, and somebody who notes what is wrong.
type machine struct {
	*scene
	script
	tasks []*Task

	mu      sync.Mutex
	updates int
	held    map[string]int // by key and by kind, how many functions are at work
	active  int
	wrong   []string
}

var machineLimits = Limits{Types: map[string]int{"one": 1, "two": 2}, Keys: map[string]int{"shared": 2}}

// limitOf returns how many functions may be at work at a time.
func limitOf(name string) int {
	switch name {
	case "kind one", "key a", "key b":
		return 1
	case "kind two", "key shared":
		return 2
	}
	return 1 << 20
}

func (m *machine) complain(format string, args ...any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.wrong = append(m.wrong, fmt.Sprintf(format, args...))
}

func (m *machine) refuse(Record) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.updates++; m.Refuses[m.updates] {
		return errBroken
	}
	return nil
}

// function does what a plan says, and looks whether it may.
func (m *machine) function(p plan) Func {
	names := []string{"kind " + p.Kind, "key " + p.Key}
	return func(ctx context.Context, run *Run) error {
		m.enter(names)
		defer m.exit(names)
		h := m.health()
		if len(h.Running) > m.Slots {
			m.complain("%d tasks run in %d slots", len(h.Running), m.Slots)
		}
		run.Log().Info("at work")
		return deeds[p.Does](ctx, run)
	}
}

func (m *machine) enter(names []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.active++
	for _, name := range names {
		if m.held[name]++; m.held[name] > limitOf(name) {
			m.wrong = append(m.wrong, fmt.Sprintf("%d tasks of %s at a time", m.held[name], name))
		}
	}
}

func (m *machine) exit(names []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.active--
	for _, name := range names {
		m.held[name]--
	}
}

func (m *machine) take(s step) {
	switch s.Does {
	case "submit":
		spec := Spec{Type: s.Plan.Kind, User: "ada", Key: s.Plan.Key, Priority: s.Plan.Priority, Requeue: s.Plan.Requeue,
			Deadline: 20 * time.Second, Retry: remedy.Retry{Attempts: 3}, Payload: []byte("1")}
		m.tasks = append(m.tasks, m.submit(spec, m.function(s.Plan)))
	case "cancel":
		if s.Task < len(m.tasks) {
			m.tasks[s.Task].Cancel("bob", "")
		}
	case "ask the store":
		if s.Task < len(m.tasks) {
			err := m.store.RequestCancel(m.Context(), m.tasks[s.Task].UPID(), Cancellation{By: "eve"})
			if err != nil && !errors.Is(err, ErrEnded) {
				m.complain("ask the store: %v", err)
			}
		}
	case "pause":
		m.Pause()
	case "resume":
		m.Resume()
	}
	time.Sleep(s.Then)
}

// end brings the runner to its end. The slowest that can happen is a row of tasks that go on for minutes.
func (m *machine) end() {
	if m.End == "drain" || m.End == "drain a while" {
		patience := 24 * time.Hour
		if m.End == "drain a while" {
			patience = 10 * time.Second
		}
		m.Resume()
		ctx, cancel := context.WithTimeout(m.Context(), patience)
		defer cancel()
		if err := m.Drain(ctx); err != nil && m.End == "drain" {
			m.complain("drain: %v", err)
		}
	}
	patience := time.Hour
	if m.End == "close at once" {
		patience = 0
	}
	_ = m.closeWithin(patience)
}

// run plays the script, and returns what was wrong. No goroutine is left, or the bubble panics.
func (s script) run(t *testing.T) (wrong []string) {
	store := &faulty{Store: NewMemory()}
	m := &machine{script: s, held: map[string]int{}}
	store.update = m.refuse
	known := map[string]Func{"one": succeed, "two": succeed, "any": succeed} // what is to be queued again needs one
	play(t, Options{Store: store, Slots: s.Slots, Limits: machineLimits, Grace: 30 * time.Second, Handlers: known}, func(sc *scene) {
		m.scene = sc
		events := inBackground(m.Watch(m.Context(), Watching{Every: s.Observer}))
		for _, step := range s.Steps {
			m.take(step)
		}
		m.end()
		m.judge(<-events)
		time.Sleep(24 * time.Hour) // what ignores everything ends, too
		synctest.Wait()
		if m.active != 0 || len(m.health().Abandoned) != 0 {
			m.complain("%d functions are at work, %d are abandoned", m.active, len(m.health().Abandoned))
		}
	})
	return m.wrong
}

func TestMachine(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := drawScript(rt)
		require.Empty(rt, s.run(t))
	})
}
