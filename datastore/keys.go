package datastore

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

// Key is one passphrase's way into a store.
type Key struct {
	ID      string
	Label   string // for people
	Created time.Time
	Current bool // the store was opened with it
}

// Keys lists the store's keys, oldest first, without those that are damaged: CheckObjects names them.
func (s *Store) Keys(ctx context.Context) ([]Key, error) {
	if s.secrets == nil {
		return nil, ErrNotEncrypted
	}
	stored, _, err := readKeys(ctx, s.backend, s.config)
	if err != nil {
		return nil, err
	}
	keys := make([]Key, len(stored))
	for i, k := range stored {
		keys[i] = Key{ID: k.ID, Label: k.Label, Created: k.Created, Current: k.ID == *s.keyID.Load()}
	}
	return keys, nil
}

// AddKey lets another passphrase open the store and returns the new key's id.
func (s *Store) AddKey(ctx context.Context, passphrase []byte, label string) (string, error) {
	if s.secrets == nil {
		return "", ErrNotEncrypted
	}
	if len(passphrase) == 0 {
		return "", fmt.Errorf("add key: %w", ErrPassphraseRequired)
	}
	return putKey(ctx, s.backend, s.secrets, s.signer, passphrase, label, s.now())
}

// RemoveKey takes a passphrase's way into the store away. Whoever has used it may know the secrets themselves: it does
// not lock them out of what they copied. The last key that opens cannot be removed; a damaged one can.
func (s *Store) RemoveKey(ctx context.Context, id string) error {
	keys, err := s.Keys(ctx)
	if err != nil {
		return err
	}
	stored, err := backend.Names(ctx, s.backend, keyPrefix)
	if err != nil {
		return fmt.Errorf("remove key %s: %w", id, err)
	}
	if !slices.Contains(stored, keyPrefix+id) {
		return fmt.Errorf("remove key %s: %w", id, ErrNoKey)
	}
	if !slices.ContainsFunc(keys, func(k Key) bool { return k.ID != id }) {
		return fmt.Errorf("remove key %s: %w", id, ErrLastKey)
	}
	return s.backend.Delete(ctx, keyPrefix+id)
}

// ChangeKey replaces the key the store was opened with by one for a new passphrase, and returns its id. The label ""
// means that of the key it replaces.
func (s *Store) ChangeKey(ctx context.Context, passphrase []byte, label string) (string, error) {
	if label == "" {
		var err error
		if label, err = s.currentLabel(ctx); err != nil {
			return "", err
		}
	}
	id, err := s.AddKey(ctx, passphrase, label)
	if err != nil {
		return "", err
	}
	if err := s.RemoveKey(ctx, *s.keyID.Load()); err != nil {
		return "", fmt.Errorf("the new key %s works, but the old one is still there: %w", id, err)
	}
	s.keyID.Store(&id)
	return id, nil
}

func (s *Store) currentLabel(ctx context.Context) (string, error) {
	keys, err := s.Keys(ctx)
	for _, k := range keys {
		if k.Current {
			return k.Label, err
		}
	}
	return "", err
}
