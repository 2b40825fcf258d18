package backendtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
)

// storage is a run in the making: writes begin, happen at some moment, and return, as drawn.
type storage struct {
	recorder *Recorder
	held     map[string]string // what the storage really holds
	pending  []*pending
	puts     int
}

type pending struct {
	*write
	happened bool
	err      error
}

// Whatever order concurrent writes happen in, what the storage really holds at each moment is one of the states. And
// what is settled is settled: a name without a write in doubt is in every later state what it really is.
func TestStatesIncludeWhatReallyIsThere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := mem.New()
		require.NoError(t, start.Put(t.Context(), "a", []byte("start")))
		rec, err := Record(t.Context(), start)
		require.NoError(t, err)
		s := &storage{recorder: rec, held: map[string]string{"a": "start"}}
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			s.advance(t)
			rec.Mark("look") // so that the states of this very moment are made
			s.requireAmong(t)
		}
	})
}

// advance lets one write begin, happen or return. No more than four are under way, so that all combinations are made.
func (s *storage) advance(t *rapid.T) {
	if len(s.pending) < allChoices && rapid.Bool().Draw(t, "begin") {
		s.begin(t)
		return
	}
	if len(s.pending) == 0 {
		return
	}
	i := rapid.IntRange(0, len(s.pending)-1).Draw(t, "which")
	if p := s.pending[i]; !p.happened {
		s.happen(t, p)
		return
	}
	s.recorder.note(step{event: returned, write: s.pending[i].write, err: s.pending[i].err})
	s.pending = slices.Delete(s.pending, i, i+1)
}

func (s *storage) begin(t *rapid.T) {
	kind := rapid.SampledFrom([]backend.Kind{Put, Delete}).Draw(t, "kind")
	name := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "name")
	s.puts++
	w := &write{call: Call{kind, name}, data: fmt.Append(nil, s.puts)}
	s.recorder.note(step{event: began, write: w})
	s.pending = append(s.pending, &pending{write: w})
}

// happen does what the write asks for. Sometimes the answer is lost, sometimes nothing is done.
func (s *storage) happen(t *rapid.T, p *pending) {
	p.happened = true
	outcome := rapid.SampledFrom([]string{"done", "done", "lost", "failed"}).Draw(t, "outcome")
	if outcome != "done" {
		p.err = errors.New(outcome)
	}
	if outcome == "failed" {
		return
	}
	if p.call.Kind == Delete {
		delete(s.held, p.call.Name)
	} else if _, taken := s.held[p.call.Name]; !taken {
		s.held[p.call.Name] = string(p.data)
	} else if outcome == "done" {
		p.err = backend.ErrExist
	}
}

func (s *storage) requireAmong(t *rapid.T) {
	steps := len(s.recorder.recorded())
	var made []map[string]string
	for l := range s.recorder.losses() {
		if l.step == steps {
			made = append(made, held(t, l.state()))
		}
	}
	require.Contains(t, made, s.held)
	for _, name := range []string{"a", "b", "c"} {
		if s.settled(name) {
			for _, state := range made {
				require.Equal(t, s.held[name], state[name], name)
			}
		}
	}
}

// settled reports whether the last writes of a name were one at a time and the last of them said how it ended.
func (s *storage) settled(name string) bool {
	open, certain := 0, true
	for _, step := range s.recorder.recorded() {
		switch {
		case step.event == marked || step.write.call.Name != name:
		case step.event == began:
			open++
			certain = certain && open == 1
		default:
			open--
			if open == 0 && step.err == nil {
				certain = s.alone(step.write)
			} else if step.err != nil && !errors.Is(step.err, backend.ErrExist) {
				certain = false
			}
		}
	}
	return open == 0 && certain
}

// alone reports whether no other write of the same name was under way together with w.
func (s *storage) alone(w *write) bool {
	open, alone := map[*write]bool{}, true
	for _, step := range s.recorder.recorded() {
		if step.event == marked || step.write.call.Name != w.call.Name {
			continue
		}
		if step.event == began {
			open[step.write] = true
		}
		if open[w] && len(open) > 1 {
			alone = false
		}
		if step.event == returned {
			delete(open, step.write)
		}
	}
	return alone
}

func held(t *rapid.T, b backend.Backend) map[string]string {
	all := map[string]string{}
	for info, err := range b.List(context.Background(), "") {
		require.NoError(t, err)
		data, err := backend.ReadAll(context.Background(), b, info.Name, 100)
		require.NoError(t, err)
		all[info.Name] = string(data)
	}
	return all
}
