package datastore

import (
	"context"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

// fit asks whether collection may rely on what the backend says. It costs a few dozen small calls.
func (s *Store) fit(ctx context.Context) error {
	found, err := backend.Probe(ctx, s.backend, backend.ProbeOptions{Shallow: true})
	if err != nil {
		return err
	}
	return found.Collectable()
}
