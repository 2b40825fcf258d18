package task

import "container/heap"

// line is an ordered line of tickets. A ticket knows which line it is in, and where.
type line struct {
	places []*place
	before func(a, b *place) bool
}

// sooner is the order in which tickets go ahead.
func sooner(a, b *place) bool {
	if a.Priority != b.Priority {
		return a.Priority > b.Priority
	}
	return a.order < b.order
}

// earlier is the order in which the times of tickets come.
func earlier(a, b *place) bool { return a.NotBefore.Before(b.NotBefore) }

func (l *line) push(p *place) {
	p.line = l
	heap.Push((*lineHeap)(l), p)
}

func (l *line) first() *place {
	if len(l.places) == 0 {
		return nil
	}
	return l.places[0]
}

// pop takes the first ticket out, nil if there is none.
func (l *line) pop() *place {
	p := l.first()
	if p != nil {
		l.remove(p)
	}
	return p
}

func (l *line) remove(p *place) {
	heap.Remove((*lineHeap)(l), p.index)
	p.line = nil
}

// lineHeap is a line as package heap wants it.
type lineHeap line

func (h *lineHeap) Len() int           { return len(h.places) }
func (h *lineHeap) Less(i, j int) bool { return h.before(h.places[i], h.places[j]) }

func (h *lineHeap) Swap(i, j int) {
	h.places[i], h.places[j] = h.places[j], h.places[i]
	h.places[i].index, h.places[j].index = i, j
}

func (h *lineHeap) Push(x any) {
	p := x.(*place)
	p.index = len(h.places)
	h.places = append(h.places, p)
}

func (h *lineHeap) Pop() any {
	last := len(h.places) - 1
	p := h.places[last]
	h.places[last] = nil
	h.places = h.places[:last]
	return p
}
