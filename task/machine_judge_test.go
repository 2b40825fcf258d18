package task

import (
	"errors"
	"fmt"
)

// judge looks at what was told of the tasks, and what is left of them.
func (m *machine) judge(events []Event) {
	told := map[UPID]Record{}
	for _, e := range events {
		before, now := told[e.Record.UPID], e.Record
		switch {
		case e.Changed && !before.State.CanBecome(now.State):
			m.complain("%s: told %q after %q", now.UPID, now.State, before.State)
		case !e.Changed && (before.State != Running || now.State != Running):
			m.complain("%s: progress in state %q, after %q was told", now.UPID, now.State, before.State)
		}
		if e.Changed {
			told[now.UPID] = now
		}
	}
	for _, t := range m.tasks {
		m.judgeTask(t, told[t.UPID()])
	}
	if n := len(m.live()); n > 0 {
		m.complain("%d tasks are left", n)
	}
}

func (m *machine) judgeTask(t *Task, told Record) {
	select {
	case <-t.Done():
	default:
		m.complain("%s has not ended", t.UPID())
		return
	}
	rec, err := t.Wait(m.Context())
	stored, storeErr := m.store.Get(m.Context(), t.UPID())
	good := rec.State == OK || rec.State == Warning
	switch {
	case storeErr != nil || stored.State != rec.State || told.State != rec.State:
		m.complain("%s: the store says %q, Wait %q, and told was %q (%v)", t.UPID(), stored.State, rec.State, told.State, storeErr)
	case rec.State.Final() && !(same(stored, rec) && same(stored, told)):
		m.complain("%s: the store has %+v, Wait %+v, and told was %+v", t.UPID(), stored, rec, told)
	case !rec.State.Final() && !errors.Is(err, ErrNotRecorded) && !(rec.Requeue && errors.Is(err, ErrShutdown)):
		m.complain("%s ended as %q: %v", t.UPID(), rec.State, err)
	case good != (err == nil):
		m.complain("%s ended as %q with the error %v", t.UPID(), rec.State, err)
	}
}

// same compares records as they are stored.
func same(a, b Record) bool {
	a.Payload, b.Payload = nil, nil
	return fmt.Sprintf("%+v", a) == fmt.Sprintf("%+v", b)
}
