package task

// abandon lets a function that does not stop go on by itself. The task is let go of, and with it its key, when it has
// really ended and that the task is over has been recorded: to whoever looks at the records, no two of a key run at a time,
// and nobody recovers what still goes on.
func (r *Runner) abandon(t *Task, l Lease, ended <-chan error) {
	t.abandoned.Store(true)
	r.mu.Lock()
	r.abandoned[t.id] = t
	r.mu.Unlock()
	r.o.Logger.Error("a task did not stop when it was asked to", "task", t.id)
	go func() {
		<-ended
		<-t.done
		r.letGo(t, l)
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.abandoned[t.id] == t { // else it was recovered, and is abandoned again
			delete(r.abandoned, t.id)
		}
	}()
}
