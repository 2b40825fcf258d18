package interleave

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

// digest stands for a piece of state: two that are equal stand for the same one.
type digest [16]byte

func digestOf(parts ...string) digest {
	var b []byte
	for _, p := range parts {
		b = binary.AppendUvarint(b, uint64(len(p)))
		b = append(b, p...)
	}
	sum := sha256.Sum256(b)
	return digest(sum[:16])
}

// state follows the canonical state of a run: which objects there are, and what each actor has seen.
//
// An object is its canonical name and who stored it by which of its puts. Its content needs no part in it: an actor is
// deterministic given what it saw, so its history decides what it stored. For the same reason the histories stand for
// all that the actors hold in memory and will do next.
type state struct {
	names   *naming
	began   time.Time
	origin  map[string]string // of each object that is there: the put that stored it
	objects digest            // exclusive or over all objects: comes out the same whatever order they came in
}

// newState takes in what the storage holds before the actors begin.
func newState(b backend.Backend) (*state, error) {
	s := &state{names: newNaming(), began: time.Now(), origin: map[string]string{}}
	found, err := backend.Names(context.Background(), b, "")
	if err != nil {
		return nil, fmt.Errorf("list the storage before the start: %w", err)
	}
	slices.Sort(found)
	for _, name := range found {
		s.add(name, s.names.learn(name, "seed"), "seed")
	}
	return s, nil
}

func (s *state) add(name, canonical, origin string) {
	s.origin[name] = origin
	s.flip(canonical, origin)
}

func (s *state) flip(canonical, origin string) {
	for i, b := range digestOf(canonical, origin) {
		s.objects[i] ^= b
	}
}

// happened adds a call that has just been performed.
func (s *state) happened(a *actor, c *call) {
	canonical := s.names.learn(c.name, a.Name)
	seen := outcome(c.err)
	if c.err == nil {
		seen += " " + s.effect(a, c, canonical)
	}
	elapsed := time.Since(s.began).String() // an actor may look at the clock
	a.moves++
	a.history = digestOf(string(a.history[:]), string(c.kind), canonical, seen, elapsed)
}

// effect follows what a successful call has changed, and returns what its caller learns beyond that.
func (s *state) effect(a *actor, c *call, canonical string) string {
	switch c.kind {
	case backend.KindPut:
		a.puts++
		s.add(c.name, canonical, fmt.Sprintf("%s.%d", a.Name, a.puts))
	case backend.KindDelete:
		if origin, ok := s.origin[c.name]; ok {
			s.flip(canonical, origin)
			delete(s.origin, c.name)
		}
	case backend.KindGet:
		return s.origin[c.name]
	case backend.KindList:
		return s.arrange(c.listed, a.Name)
	}
	return ""
}

// arrange puts a listing into an order that does not depend on chance, and returns it as text.
func (s *state) arrange(listed []backend.Info, actor string) string {
	slices.SortFunc(listed, func(a, b backend.Info) int {
		return strings.Compare(s.names.preview(a.Name), s.names.preview(b.Name))
	})
	var text strings.Builder
	for _, info := range listed {
		fmt.Fprintf(&text, "%s %s\n", s.names.learn(info.Name, actor), s.origin[info.Name])
	}
	return text.String()
}

// digest returns the state of all.
func (s *state) digest(actors []*actor) digest {
	parts := []string{time.Since(s.began).String(), string(s.objects[:])}
	for _, a := range actors {
		parts = append(parts, string(a.history[:]))
		if a.crashed {
			parts = append(parts, "crashed")
		}
	}
	return digestOf(parts...)
}

func outcome(err error) string {
	switch {
	case err == nil:
		return "ok"
	case errors.Is(err, backend.ErrNotFound):
		return "not found"
	case errors.Is(err, backend.ErrExist):
		return "exists"
	}
	return "error"
}
