package datastore

import "context"

// fit asks whether collection may rely on what the backend says.
func (s *Store) fit(ctx context.Context) error { return nil }
