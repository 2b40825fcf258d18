package datastore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/internal/document"
	"github.com/heirloom-backup/heirloom/datastore/internal/keyring"
	"github.com/heirloom-backup/heirloom/datastore/internal/sign"
)

// putKey wraps the secrets for a passphrase and stores them.
func putKey(ctx context.Context, b backend.Backend, s *keyring.Secrets, key *sign.Key, passphrase []byte,
	label string, now time.Time) (string, error) {
	k := &keyring.Key{Format: document.Format, ID: newID(), Kind: keyring.KindPassphrase, Label: label,
		Created: now.UTC(), KDF: keyring.DefaultKDF()}
	if err := s.Wrap(k, passphrase); err != nil {
		return "", err
	}
	data, err := document.Encode(keyPrefix+k.ID, k, key)
	if err != nil {
		return "", err
	}
	if err := b.Put(ctx, keyPrefix+k.ID, data); err != nil {
		return "", fmt.Errorf("store key: %w", err)
	}
	return k.ID, nil
}

// readKeys reads all keys, oldest first. One that is damaged closes one way into the store and no other: it is left
// out, and flaws says what is wrong with it.
func readKeys(ctx context.Context, b backend.Backend, c *config) (keys []*keyring.Key, flaws error, err error) {
	names, err := backend.Names(ctx, b, keyPrefix)
	if err != nil {
		return nil, nil, fmt.Errorf("list keys: %w", err)
	}
	for _, name := range names {
		data, err := backend.ReadAll(ctx, b, name, document.MaxSize)
		if errors.Is(err, backend.ErrNotFound) {
			continue // removed since it was listed
		}
		if err != nil {
			return nil, nil, fmt.Errorf("read key: %w", err)
		}
		k, err := decodeKey(name, data, c)
		if err != nil {
			flaws = errors.Join(flaws, err)
			continue
		}
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b *keyring.Key) int { return a.Created.Compare(b.Created) })
	return keys, flaws, nil
}

func decodeKey(name string, data []byte, c *config) (*keyring.Key, error) {
	k := &keyring.Key{}
	if _, err := document.Decode(name, data, c.Writers, k); err != nil {
		return nil, err
	}
	if k.ID != strings.TrimPrefix(name, keyPrefix) {
		return nil, fmt.Errorf("%s: %w: it is key %s", name, document.ErrDamaged, k.ID)
	}
	return k, nil
}

// unlock finds the key that the passphrase opens.
func unlock(ctx context.Context, b backend.Backend, c *config, passphrase []byte) (*keyring.Secrets, string, error) {
	keys, flaws, err := readKeys(ctx, b, c)
	if err != nil {
		return nil, "", err
	}
	for _, k := range keys {
		s, err := k.Unwrap(passphrase)
		if errors.Is(err, ErrPassphrase) {
			continue
		}
		if err != nil {
			flaws = errors.Join(flaws, err)
			continue
		}
		return s, k.ID, checkSecrets(s, c)
	}
	if flaws != nil {
		return nil, "", fmt.Errorf("none of the store's %d readable keys opens with this passphrase, and others are damaged: %w",
			len(keys), flaws)
	}
	return nil, "", fmt.Errorf("%w: none of the store's %d keys opens with it", ErrPassphrase, len(keys))
}

// checkSecrets notices a configuration that is not the owner's: one that somebody exchanged to have backups sealed to a
// key of his own, or to be a writer himself. Only what the passphrase has opened says who the owner is.
func checkSecrets(s *keyring.Secrets, c *config) error {
	owner := slices.IndexFunc(c.Writers, func(w sign.Writer) bool { return w.Role == sign.Owner && w.Public.Equal(s.Owner) })
	if string(s.Public) != string(c.Encryption.Public) || owner < 0 {
		return fmt.Errorf("%w: the store's configuration is not the one its keys were made for", ErrForged)
	}
	if _, err := document.Decode(c.name, c.raw, c.Writers[owner:owner+1], &config{}); err != nil {
		return fmt.Errorf("the store's configuration was not written by its owner: %w", err)
	}
	return nil
}
