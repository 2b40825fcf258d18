package interleave

import (
	"fmt"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

// move is one thing the scheduler can do next: let an actor's first waiting operation happen, or let the actor crash
// before it. Two moves are equal if they look the same from one run of a schedule to the next.
type move struct {
	actor    int
	crash    bool
	preempts bool // takes the turn from an actor that could go on
	kind     backend.Kind
	name     string // canonical, as far as it is known before the operation
}

func (m move) describe(actors []*actor) string {
	verb := string(m.kind)
	if m.crash {
		verb = "crash before " + verb
	}
	return fmt.Sprintf("%s: %s %s", actors[m.actor].Name, verb, m.name)
}

func describe(menu []move, actors []*actor) string {
	text := "["
	for i, m := range menu {
		if i > 0 {
			text += ", "
		}
		text += m.describe(actors)
	}
	return text + "]"
}

// budget is what a schedule may still spend. Unlimited is never used up.
type budget struct{ preemptions, crashes int }

// covers says whether every schedule that other allows is one that b allows.
func (b budget) covers(other budget) bool {
	return atLeast(b.preemptions, other.preemptions) && atLeast(b.crashes, other.crashes)
}

func atLeast(a, b int) bool { return a == Unlimited || b != Unlimited && a >= b }

func spend(n *int) {
	if *n != Unlimited {
		*n--
	}
}

// menu returns the moves there are, within the budget: first the actor whose turn it is, if it can go on, then the
// others, then crashes. It is empty if nobody waits.
//
// A crash between two operations of an actor is the same to all others whenever it happens. So it is offered when the
// second operation has come to wait, and no more once somebody has moved instead.
func (r *run) menu() []move {
	var menu, crashes []move
	running := r.turn >= 0 && r.actors[r.turn].next(r.state.names) != nil
	for _, a := range r.actors {
		c := a.next(r.state.names)
		if c == nil {
			continue
		}
		m := move{actor: a.index, kind: c.kind, name: r.state.names.preview(c.name)}
		m.preempts = running && a.index != r.turn
		switch {
		case !m.preempts && running:
			menu = append([]move{m}, menu...)
		case !m.preempts || r.left.preemptions != 0:
			menu = append(menu, m)
		}
		if r.left.crashes != 0 && a.fresh {
			m.crash, m.preempts = true, false
			crashes = append(crashes, m)
		}
	}
	return append(menu, crashes...)
}
