package task

import "time"

// serve hands tickets to those who wait, as long as there are both.
func (q *lineup) serve() {
	for len(q.waiting) > 0 {
		p := q.next()
		if p == nil {
			return
		}
		w := q.waiting[0]
		q.waiting = q.waiting[1:]
		w.got <- p
	}
}

// next takes the first ticket that no gate holds back out of its line.
func (q *lineup) next() *place {
	for {
		p := q.ready.pop()
		if p == nil {
			return nil
		}
		if shut := q.gates.shut(p); shut != nil {
			shut.line.push(p)
			q.passOn(p)
			continue
		}
		q.gates.enter(p)
		q.passOn(p)
		q.held++
		return p
	}
}

// passOn gives the room that p did not need, at the gates that are open, to those who wait there.
func (q *lineup) passOn(p *place) {
	for _, g := range q.gates.of(p) {
		if g.open() {
			if next := g.line.pop(); next != nil {
				q.ready.push(next)
			}
		}
		q.gates.tidy(g)
	}
}

// release opens the gates behind a ticket that was held.
func (q *lineup) release(p *place) {
	q.held--
	q.gates.exit(p)
	q.passOn(p)
}

// letGo puts a ticket that was held back into the queue.
func (q *lineup) letGo(p *place, notBefore time.Time) {
	q.release(p)
	p.NotBefore = notBefore
	if q.closed {
		delete(q.places, p.UPID)
		return
	}
	q.admit(p)
	q.serve()
}
