package datastore

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/internal/document"
)

// A hold and a removal at the same moment must not both succeed. A removal leaves a word of what it is about to do, looks
// for holds, records itself, and then looks whether its word still stands; a hold is recorded, takes the words away that
// speak of its snapshot, and then looks for removals that are recorded. Whichever is second hears of the first.

// intentDoc is the payload of removals/<id>.
type intentDoc struct {
	Format    int      `json:"format"`
	Manifests []string `json:"manifests"`
}

// announce leaves word of a removal and returns its name.
func (s *Store) announce(ctx context.Context, list []Forgetting) (string, error) {
	doc := intentDoc{Format: document.Format}
	for _, f := range list {
		doc.Manifests = append(doc.Manifests, f.Snapshot.object)
	}
	name := removalPrefix + newID()
	if _, err := s.putDoc(ctx, name, doc); err != nil {
		return "", fmt.Errorf("forget %d snapshots: %w", len(list), err)
	}
	return name, nil
}

// stopRemovals takes away the words that speak of a snapshot. One that cannot be read may.
func (s *Store) stopRemovals(ctx context.Context, sn *Snapshot) error {
	names, err := backend.Names(ctx, s.backend, removalPrefix)
	if err != nil {
		return fmt.Errorf("list removals: %w", err)
	}
	for _, name := range names {
		var doc intentDoc
		_, err := s.readDoc(ctx, name, &doc)
		if errors.Is(err, backend.ErrNotFound) || err == nil && !slices.Contains(doc.Manifests, sn.object) {
			continue
		}
		if err != nil && !damaged(err) {
			return err
		}
		if err := s.backend.Delete(ctx, name); err != nil {
			return err
		}
	}
	return nil
}
