package task

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// NewMemory makes a store in memory: for tests, and for programs whose tasks nobody asks about once they have ended.
// What is not pruned stays until the process ends.
func NewMemory() Store {
	return &memory{entries: map[UPID]*entry{}, totals: totals{}}
}

// memory is a store that a process keeps to itself.
type memory struct {
	mu      sync.Mutex
	entries map[UPID]*entry
	totals  totals
	closed  bool
}

// entry is what a memory store has of one task.
type entry struct {
	record Record
	claim  *memoryClaim // nil: it has no owner
	wish   *Cancellation
	log    *memoryLog // nil: not kept any more
}

func (m *memory) Create(ctx context.Context, r Record) (Claim, error) {
	if err := errors.Join(ctx.Err(), CheckNew(r)); err != nil {
		return nil, fmt.Errorf("create task: %w", err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return nil, fmt.Errorf("create task: %w", ErrClosed)
	}
	if m.entries[r.UPID] != nil {
		return nil, fmt.Errorf("create task %s: %w", r.UPID, ErrExists)
	}
	e := &entry{record: r, log: &memoryLog{}}
	m.entries[r.UPID] = e
	return m.claim(e), nil
}

func (m *memory) claim(e *entry) *memoryClaim {
	e.claim = &memoryClaim{store: m, entry: e, log: e.log}
	return e.claim
}

func (m *memory) Recover(ctx context.Context, now time.Time, judge func(Record) Verdict) ([]Claim, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("recover tasks: %w", err)
	}
	var claims []Claim
	for _, r := range m.orphans() {
		if err := ctx.Err(); err != nil {
			return claims, fmt.Errorf("recover tasks: %w", err)
		}
		if claim := m.recover(r, judge(r), now); claim != nil {
			claims = append(claims, claim)
		}
	}
	return claims, nil
}

// orphans returns the tasks that have not ended and have no owner, the oldest first.
func (m *memory) orphans() []Record {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []Record
	for _, e := range m.entries {
		if e.claim == nil && !e.record.State.Final() {
			found = append(found, e.record)
		}
	}
	slices.SortFunc(found, func(a, b Record) int { return a.UPID.Compare(b.UPID) })
	return found
}

func (m *memory) recover(r Record, v Verdict, now time.Time) Claim {
	m.mu.Lock()
	defer m.mu.Unlock()
	e := m.entries[r.UPID]
	if v == LeaveAlone || e == nil || e.claim != nil || e.record.State.Final() {
		return nil
	}
	sign := e.record.lastSign(now)
	if e.wish != nil {
		e.set(m, e.record.AfterCancellation(*e.wish, sign, e.log.Size()))
		return nil
	}
	e.set(m, e.record.AfterInterruption(v, sign, e.log.Size()))
	if v == QueueAgain {
		return m.claim(e)
	}
	return nil
}

// set replaces the record, and counts the task if that ends it.
func (e *entry) set(m *memory, r Record) {
	e.record = r
	if r.State.Final() {
		e.claim = nil
		e.log.end()
		m.totals.add(&r)
	}
}

func (m *memory) RequestCancel(ctx context.Context, id UPID, c Cancellation) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("cancel %s: %w", id, err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	e := m.entries[id]
	switch {
	case e == nil:
		return fmt.Errorf("cancel %s: %w", id, ErrNotFound)
	case e.record.State.Final():
		return fmt.Errorf("cancel %s: %w", id, ErrEnded)
	case e.wish == nil:
		e.wish = new(c.Bounded())
		if e.claim != nil {
			e.claim.tell()
		}
	}
	return nil
}

func (m *memory) Get(ctx context.Context, id UPID) (Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e := m.entries[id]; e != nil && ctx.Err() == nil {
		return e.record, nil
	}
	return Record{}, fmt.Errorf("get %s: %w", id, errors.Join(ctx.Err(), ErrNotFound))
}

func (m *memory) List(ctx context.Context, q Query) (Page, error) {
	if err := errors.Join(ctx.Err(), q.Validate()); err != nil {
		return Page{}, err
	}
	after, _ := q.After.Position() // validated
	m.mu.Lock()
	var found []Record
	for _, e := range m.entries {
		if q.Match(&e.record) && isAfter(e.record.UPID, after) {
			found = append(found, e.record)
		}
	}
	m.mu.Unlock()
	slices.SortFunc(found, func(a, b Record) int { return b.UPID.Compare(a.UPID) })
	if len(found) <= q.PageSize() {
		return Page{Records: found}, nil
	}
	found = found[:q.PageSize()]
	return Page{Records: found, Next: CursorAt(found[len(found)-1].UPID.Position())}, nil
}

// isAfter tells whether u comes behind the end of a page, that is, is older.
func isAfter(u UPID, end Position) bool {
	p := u.Position()
	return end.IsZero() || bytes.Compare(p[:], end[:]) < 0
}

func (m *memory) OpenLog(ctx context.Context, id UPID) (Log, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	e := m.entries[id]
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case e == nil:
		return nil, fmt.Errorf("open log of %s: %w", id, ErrNotFound)
	case e.log == nil:
		return nil, fmt.Errorf("open log of %s: %w", id, ErrNoLog)
	}
	return openMemoryLog{e.log}, nil
}

func (m *memory) Totals(ctx context.Context, since, until time.Time) ([]Total, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.totals.between(since, until), ctx.Err()
}

func (m *memory) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	return nil
}
