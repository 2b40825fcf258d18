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

// acquire locks the file at path, and makes it if it is not there. It waits for others as long as patience says. The lock
// is free again when the file is closed.
func acquire(ctx context.Context, path string, lock func(*os.File) error, patience time.Duration) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, fileMode)
	if err != nil {
		return nil, err
	}
	if err := await(ctx, f, lock, patience); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// await tries again and again: the system has no way to wait for a lock that a context could end.
func await(ctx context.Context, f *os.File, lock func(*os.File) error, patience time.Duration) error {
	limit := time.NewTimer(patience)
	defer limit.Stop()
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
			return fmt.Errorf("wait for the lock on %s: %w", f.Name(), ctx.Err())
		case <-limit.C:
			timer.Stop()
			return fmt.Errorf("%w: it has had %s locked for %s; try again when it is done, or end it", task.ErrBusy, f.Name(), patience)
		}
	}
}
