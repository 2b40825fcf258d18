package datastore

import (
	"context"
	"errors"
	"fmt"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

// Forget removes one snapshot. Its chunks stay until a collection finds that nothing needs them; until then it can be
// brought back from the copy of its manifest. The reason is recorded.
func (s *Store) Forget(ctx context.Context, sn *Snapshot, reason string) error {
	fail := func(err error) error { return fmt.Errorf("forget %s: %w", sn.Address(), err) }
	err := s.backend.Put(ctx, prunedName(sn.object), sn.raw)
	if err != nil && !errors.Is(err, backend.ErrExist) {
		return fail(err)
	}
	if _, err := s.record(ctx, record{Type: recordPrune, Snapshot: refOf(sn), Reason: reason}); err != nil {
		return fail(err)
	}
	if err := s.backend.Delete(ctx, sn.object); err != nil {
		return fail(err)
	}
	if err := s.backend.Delete(ctx, promiseName(sn.object)); err != nil {
		return fail(err)
	}
	return nil
}
