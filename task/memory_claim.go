package task

import (
	"context"
	"errors"
	"fmt"

	"github.com/heirloom-backup/heirloom/task/progress"
)

// memoryClaim is the hold of an owner; it ends when the entry has another one, or none. The store's mutex guards it.
type memoryClaim struct {
	store    *memory
	entry    *entry
	log      *memoryLog
	onCancel func(Cancellation)
}

func (c *memoryClaim) Record() Record {
	c.store.mu.Lock()
	defer c.store.mu.Unlock()
	return c.entry.record
}

func (c *memoryClaim) Update(ctx context.Context, r Record) error {
	c.store.mu.Lock()
	defer c.store.mu.Unlock()
	if err := errors.Join(ctx.Err(), c.held()); err != nil {
		return fmt.Errorf("update %s: %w", r.UPID, err)
	}
	if err := CheckUpdate(c.entry.record, r); err != nil {
		return fmt.Errorf("update task: %w", err)
	}
	c.entry.set(c.store, r)
	return nil
}

func (c *memoryClaim) held() error {
	if c.entry.claim != c || c.store.closed {
		return ErrReleased
	}
	return nil
}

func (c *memoryClaim) Publish(s progress.Snapshot) error {
	c.store.mu.Lock()
	defer c.store.mu.Unlock()
	if err := c.held(); err != nil {
		return fmt.Errorf("publish progress: %w", err)
	}
	c.entry.record.Progress = s
	return nil
}

func (c *memoryClaim) Log() LogWriter { return &memoryLogWriter{c, c.log} }

func (c *memoryClaim) OnCancel(f func(Cancellation)) {
	c.store.mu.Lock()
	defer c.store.mu.Unlock()
	c.onCancel = f
	c.tell()
}

// tell passes a wish on to the owner, once.
func (c *memoryClaim) tell() {
	if c.onCancel == nil || c.entry.wish == nil {
		return
	}
	go c.onCancel(*c.entry.wish)
	c.onCancel = nil
}

func (c *memoryClaim) Release() error {
	c.store.mu.Lock()
	defer c.store.mu.Unlock()
	if c.entry.claim == c {
		c.entry.claim = nil
	}
	return nil
}
