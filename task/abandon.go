package task

import "context"

// abandon lets a function that does not stop go on by itself. The ticket, and with it the key, is given back when it has
// really ended and that the task is over has been recorded: to whoever looks at the records, no two of a key run at a time.
func (r *Runner) abandon(t *Task, l Lease, ended <-chan error) {
	r.mu.Lock()
	r.abandoned[t.id] = t
	r.mu.Unlock()
	r.o.Logger.Error("a task did not stop when it was asked to", "task", t.id)
	go func() {
		<-ended
		r.mu.Lock()
		delete(r.abandoned, t.id)
		r.mu.Unlock()
		<-t.done
		if err := l.Done(context.Background()); err != nil {
			r.troubled(err)
		}
	}()
}

func (r *Runner) isAbandoned(t *Task) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.abandoned[t.id] == t
}
