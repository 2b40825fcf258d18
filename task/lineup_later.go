package task

import "time"

// setAlarm sees to it that the first ticket whose time has not come is looked at when it has.
func (q *lineup) setAlarm() {
	if q.alarm != nil {
		q.alarm.Stop()
	}
	if first := q.later.first(); first != nil && !q.closed {
		q.alarm = time.AfterFunc(time.Until(first.NotBefore), q.timeHasCome)
	}
}

// timeHasCome moves the tickets whose time has come to the ready line.
func (q *lineup) timeHasCome() {
	q.mu.Lock()
	defer q.mu.Unlock()
	for p := q.later.first(); p != nil && time.Until(p.NotBefore) <= 0; p = q.later.first() {
		q.ready.push(q.later.pop())
	}
	q.setAlarm()
	q.serve()
}
