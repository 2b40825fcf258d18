package datastore_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
)

func TestKeysOfAStoreWithoutEncryption(t *testing.T) {
	s := create(t, mem.New())
	_, err := s.Keys(t.Context())
	require.ErrorIs(t, err, datastore.ErrNotEncrypted)
	_, err = s.AddKey(t.Context(), passphrase, "")
	require.ErrorIs(t, err, datastore.ErrNotEncrypted)
	_, err = s.ChangeKey(t.Context(), passphrase, "")
	require.ErrorIs(t, err, datastore.ErrNotEncrypted)
	require.ErrorIs(t, s.RemoveKey(t.Context(), "x"), datastore.ErrNotEncrypted)
}

// One key after the other: added, listed, changed, removed.
func TestKeys(t *testing.T) {
	ctx := t.Context()
	b := encrypted().Clone()
	s := open(t, b, datastore.Options{Passphrase: passphrase})
	keys, err := s.Keys(ctx)
	require.NoError(t, err)
	require.Len(t, keys, 1)
	require.Equal(t, "first", keys[0].Label)
	require.True(t, keys[0].Current)
	first := keys[0].ID

	require.ErrorIs(t, s.RemoveKey(ctx, first), datastore.ErrLastKey)
	require.ErrorIs(t, s.RemoveKey(ctx, "none"), datastore.ErrNoKey)
	_, err = s.AddKey(ctx, nil, "empty")
	require.ErrorIs(t, err, datastore.ErrPassphraseRequired)

	second, err := s.AddKey(ctx, []byte("second"), "a friend's")
	require.NoError(t, err)
	changed, err := s.ChangeKey(ctx, []byte("third"), "changed")
	require.NoError(t, err)
	keys, err = s.Keys(ctx)
	require.NoError(t, err)
	require.Equal(t, []string{second, changed}, []string{keys[0].ID, keys[1].ID}, "oldest first")
	require.Equal(t, []bool{false, true}, []bool{keys[0].Current, keys[1].Current})

	_, err = datastore.Open(ctx, b, datastore.Options{Passphrase: passphrase})
	require.ErrorIs(t, err, datastore.ErrPassphrase, "it was changed")
	other := open(t, b, datastore.Options{Passphrase: []byte("second")})
	require.NoError(t, other.RemoveKey(ctx, second), "also the one it was opened with")
	require.ErrorIs(t, other.RemoveKey(ctx, changed), datastore.ErrLastKey)
	open(t, b, datastore.Options{Passphrase: []byte("third")})
}

// A damaged key closes one way into the store and no other.
func TestDamagedKey(t *testing.T) {
	ctx := t.Context()
	b := encrypted().Clone()
	s := open(t, b, datastore.Options{Passphrase: passphrase})
	id, err := s.AddKey(ctx, []byte("second"), "")
	require.NoError(t, err)
	flip(t, b, "keys/"+id, 100)
	open(t, b, datastore.Options{Passphrase: passphrase})
	_, err = datastore.Open(ctx, b, datastore.Options{Passphrase: []byte("second")})
	require.ErrorContains(t, err, id, "the message must name the key that is damaged")
	keys, err := s.Keys(ctx)
	require.NoError(t, err)
	require.Len(t, keys, 1)
	require.ErrorIs(t, s.RemoveKey(ctx, keys[0].ID), datastore.ErrLastKey, "a damaged one does not count")
	require.NoError(t, s.RemoveKey(ctx, id), "but can be removed")
	require.Len(t, names(t, b, "keys/"), 1)
}
