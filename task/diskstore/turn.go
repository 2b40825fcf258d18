package diskstore

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"github.com/heirloom-backup/heirloom/task/diskstore/internal/filelock"
)

// The history has two lock files. A lock file alone would keep writers out for as long as readers of other processes follow
// each other closely enough. So whoever wants the history goes through a turnstile first, which a writer keeps locked while
// it waits: those who read go on to their ends, and nobody else begins.

// lockShared locks the history for reading. It waits until ctx ends, as all here do.
func (h *shelf) lockShared(ctx context.Context) (*os.File, error) {
	turn, err := h.shared(ctx, h.turnstile)
	if err != nil {
		return nil, err
	}
	defer closeFile(turn)
	return h.shared(ctx, h.lock)
}

// shared locks a file that is there since the store was made; where somebody has removed it, nobody writes.
func (h *shelf) shared(ctx context.Context, path string) (*os.File, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if err := await(ctx, f, filelock.TryShared); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// lockExclusive locks the history for writing.
func (h *shelf) lockExclusive(ctx context.Context) (*os.File, error) {
	turn, err := acquire(ctx, h.turnstile, filelock.TryExclusive)
	if err != nil {
		return nil, err
	}
	defer closeFile(turn)
	return acquire(ctx, h.lock, filelock.TryExclusive)
}

// closeFile closes a lock file, if there is one. Its content is nothing.
func closeFile(f *os.File) {
	if f != nil {
		_ = f.Close()
	}
}
