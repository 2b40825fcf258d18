package diskstore

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/heirloom-backup/heirloom/task"
	"github.com/heirloom-backup/heirloom/task/diskstore/internal/filelock"
)

// patient returns a context for what others are waited for: it ends with ErrBusy as its cause when patience does.
func patient(ctx context.Context, patience time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, patience, task.ErrBusy)
}

// acquire locks the file at path, and makes it if it is not there. It waits for others until ctx ends; see patient. The
// lock is free again when the file is closed.
func acquire(ctx context.Context, path string, lock func(*os.File) error) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, fileMode)
	if err != nil {
		return nil, err
	}
	if err := await(ctx, f, lock); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// await tries again and again: the system has no way to wait for a lock that a context could end. It tries once whatever
// the context says.
func await(ctx context.Context, f *os.File, lock func(*os.File) error) error {
	for pause := time.Millisecond; ; pause = min(2*pause, 50*time.Millisecond) {
		err := lock(f)
		if !errors.Is(err, filelock.ErrHeld) {
			return err
		}
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			if errors.Is(context.Cause(ctx), task.ErrBusy) {
				return fmt.Errorf("%s is locked: %w; try again when that is done, or end it", f.Name(), task.ErrBusy)
			}
			return fmt.Errorf("wait for the lock on %s: %w", f.Name(), ctx.Err())
		}
	}
}
