package backendtest

import (
	"context"
	"fmt"
	"math"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

// Copy puts every object of one backend into another, which is empty: to check a state on the kind of storage that
// matters, such as a folder.
func Copy(ctx context.Context, to, from backend.Backend) error {
	for info, err := range from.List(ctx, "") {
		if err != nil {
			return fmt.Errorf("copy objects: %w", err)
		}
		data, err := backend.ReadAll(ctx, from, info.Name, math.MaxInt64)
		if err == nil {
			err = to.Put(ctx, info.Name, data)
		}
		if err != nil {
			return fmt.Errorf("copy objects: %w", err)
		}
	}
	return nil
}
