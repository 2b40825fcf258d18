package datastore

import (
	"context"
	"fmt"
	"strings"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

// Sessions returns the ids of the sessions there are: of writers that live, or that ended without a word.
func (s *Store) Sessions(ctx context.Context) (map[string]bool, error) {
	names, err := backend.Names(ctx, s.backend, sessionPrefix)
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	alive := map[string]bool{}
	for _, name := range names {
		alive[strings.TrimPrefix(name, sessionPrefix)] = true
	}
	return alive, nil
}

// waitingFor says whose session it is that somebody waits for.
func (s *Store) waitingFor(ctx context.Context, id string) Waiting {
	var doc sessionDoc
	_, _ = s.readDoc(ctx, sessionPrefix+id, &doc) // gone or damaged: then there is no more to say
	return Waiting{id, doc.Started, doc.Host}
}
