package dirstore

import (
	"context"
	"fmt"
)

// Free implements backend.Spacer: what the file system leaves to this user. Quotas may allow less.
func (b *Backend) Free(ctx context.Context) (int64, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	if err := b.check(); err != nil {
		return 0, fmt.Errorf("free space of %s: %w", b.dir, err)
	}
	free, err := freeBytes(b.dir)
	if err != nil {
		return 0, fmt.Errorf("free space of %s: %w", b.dir, err)
	}
	return free, nil
}
