package diskstore

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/heirloom-backup/heirloom/task"
	"github.com/heirloom-backup/heirloom/task/progress"
)

// claim is the hold that this store has on a task, by being the owner that its journal names.
type claim struct {
	store *Store
	owner string
	at    task.Position
	log   taskLog

	mu       sync.Mutex
	state    state // the last line of the journal
	end      int64 // where the next one goes
	over     bool
	progress progressFile
	onCancel func(task.Cancellation)
	wish     *task.Cancellation
}

func (c *claim) Record() task.Record {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state.Record
}

func (c *claim) Update(ctx context.Context, r task.Record) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := errors.Join(ctx.Err(), c.held()); err != nil {
		return fmt.Errorf("update %s: %w", r.UPID, err)
	}
	if err := task.CheckUpdate(c.state.Record, r); err != nil {
		return fmt.Errorf("update task: %w", err)
	}
	if r.State == task.Running {
		if err := c.progress.remove(c.store.layout.progress(c.at)); err != nil {
			return fmt.Errorf("update %s: %w", r.UPID, err)
		}
	}
	if err := c.write(state{c.owner, r}); err != nil {
		return fmt.Errorf("update %s: %w", r.UPID, err)
	}
	if r.State.Final() {
		c.finish()
	}
	return nil
}

// held returns why the claim holds nothing.
func (c *claim) held() error {
	if c.over {
		return task.ErrReleased
	}
	return c.store.usable(context.Background())
}

// write makes a state durable, and before a final one the log.
func (c *claim) write(s state) error {
	if s.Record.State.Final() {
		if err := c.log.close(); err != nil {
			return err
		}
	}
	line, err := encodeLine(s)
	if err != nil {
		return err
	}
	if c.end > longJournal {
		return c.rewrite(s, line)
	}
	if err := writeLine(c.store.journal(c.at), line, c.end); err != nil {
		return err
	}
	c.state, c.end = s, c.end+int64(len(line))
	return nil
}

// longJournal is the size from which a journal is begun anew with its last line alone, in bytes: a task may be tried again
// any number of times.
const longJournal = 1 << 20

// rewrite puts a journal of one line in the place of the one there is.
func (c *claim) rewrite(s state, line []byte) error {
	draft := c.store.draft(c.at, c.owner)
	if err := removeIfThere(draft); err != nil {
		return err
	}
	if err := place(draft, c.store.journal(c.at), line); err != nil {
		return err // the end stays where it is, so that the next line comes here again
	}
	c.state, c.end = s, int64(len(line))
	return nil
}

// finish ends the claim on a task that has ended. What it leaves behind goes away when the journal is filed.
func (c *claim) finish() {
	c.over = true
	c.progress.close()
	c.store.filing.more(c.store) // before the claim is forgotten, so that Close waits for what it begins
	c.store.forget(c)
}

func (c *claim) Publish(s progress.Snapshot) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.held(); err != nil {
		return fmt.Errorf("publish progress of %s: %w", c.state.Record.UPID, err)
	}
	c.state.Record.Progress = s
	return c.progress.write(c.store.layout.progress(c.at), s)
}

func (c *claim) Log() task.LogWriter { return &c.log }

func (c *claim) OnCancel(f func(task.Cancellation)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.onCancel = f
	c.tellLocked()
}

// wished notes that somebody asked to stop the task.
func (c *claim) wished(w task.Cancellation) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.wish == nil {
		c.wish = &w
		c.tellLocked()
	}
}

func (c *claim) tellLocked() {
	if c.onCancel != nil && c.wish != nil && !c.over {
		go c.onCancel(*c.wish)
		c.onCancel = nil
	}
}

// drop ends the claim because its store is closed. The journal names the owner still, who is gone then.
func (c *claim) drop() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.over = true
	c.progress.close()
	c.store.forget(c)
	return c.log.close()
}

// Release writes into the journal that the task has no owner any more, so that another store finds it at once. If that
// cannot be written, Recover of this store finds it.
func (c *claim) Release() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.over {
		return nil
	}
	c.over = true
	c.progress.close()
	err := errors.Join(c.log.close(), c.write(state{"", c.state.Record}))
	c.store.forget(c) // after it is written: Recover of this store takes over what it does not claim
	if err != nil {
		return fmt.Errorf("release %s: %w", c.state.Record.UPID, err)
	}
	return nil
}
