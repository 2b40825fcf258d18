package datastore_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
	"github.com/heirloom-backup/heirloom/datastore/internal/document"
)

// rewrite changes the payload of a document and seals it anew, without a signature.
func rewrite(t *testing.T, b *mem.Backend, name string, change func(payload map[string]any)) {
	t.Helper()
	line, _, _ := bytes.Cut(readObject(t, b, name), []byte("\n"))
	payload := map[string]any{}
	require.NoError(t, json.Unmarshal(line, &payload))
	change(payload)
	data, err := document.Encode(name, payload, nil)
	require.NoError(t, err)
	replace(t, b, name, data)
}

func TestOpenWithoutAStore(t *testing.T) {
	_, err := datastore.Open(t.Context(), mem.New(), datastore.Options{})
	require.ErrorIs(t, err, datastore.ErrNoStore)
}

func TestOpenANewerFormat(t *testing.T) {
	b := mem.New()
	create(t, b)
	rewrite(t, b, "heirloom.json", func(p map[string]any) { p["format"] = 2 })
	_, err := datastore.Open(t.Context(), b, datastore.Options{})
	newer := (*datastore.VersionError)(nil)
	require.ErrorAs(t, err, &newer)
	require.NotErrorIs(t, err, datastore.ErrNoStore)
}

func TestOpenADamagedConfiguration(t *testing.T) {
	for _, encrypt := range []bool{false, true} {
		plain := mem.New()
		create(t, plain)
		if encrypt {
			plain = encrypted()
		}
		data := readObject(t, plain, "heirloom.json")
		for at := 0; at < len(data); at += 29 {
			b := plain.Clone()
			flip(t, b, "heirloom.json", at)
			_, err := datastore.Open(t.Context(), b, datastore.Options{Passphrase: passphrase})
			require.Error(t, err, "byte %d", at)
		}
		for _, n := range []int{0, 1, len(data) / 2, len(data) - 1} {
			b := plain.Clone()
			replace(t, b, "heirloom.json", data[:n])
			_, err := datastore.Open(t.Context(), b, datastore.Options{Passphrase: passphrase})
			require.Error(t, err, "%d bytes", n)
			require.NotErrorIs(t, err, datastore.ErrNoStore, "%d bytes", n)
		}
	}
}

// A configuration that somebody exchanged to have backups sealed to a key of their own.
func TestOpenAnExchangedConfiguration(t *testing.T) {
	stranger := mem.New()
	require.NoError(t, datastore.Create(t.Context(), stranger, datastore.CreateOptions{Encrypt: true, Passphrase: passphrase}))
	t.Run("unsigned", func(t *testing.T) {
		b := encrypted().Clone()
		rewrite(t, b, "heirloom.json", func(p map[string]any) {
			p["encryption"].(map[string]any)["public"] = bytes.Repeat([]byte{9}, 32)
		})
		_, err := datastore.Open(t.Context(), b, datastore.Options{Passphrase: passphrase})
		require.ErrorIs(t, err, datastore.ErrForged)
	})
	t.Run("signed by the stranger", func(t *testing.T) {
		b := encrypted().Clone()
		replace(t, b, "heirloom.json", readObject(t, stranger, "heirloom.json"))
		_, err := datastore.Open(t.Context(), b, datastore.Options{Passphrase: passphrase})
		require.ErrorIs(t, err, datastore.ErrForged)
	})
}

func TestOpenAsksForTheRightPassphrase(t *testing.T) {
	b := encrypted()
	_, err := datastore.Open(t.Context(), b, datastore.Options{})
	require.ErrorIs(t, err, datastore.ErrPassphraseRequired)
	_, err = datastore.Open(t.Context(), b, datastore.Options{Passphrase: []byte("wrong")})
	require.ErrorIs(t, err, datastore.ErrPassphrase)
	s := open(t, b, datastore.Options{Passphrase: passphrase})
	require.True(t, s.Encrypted())
}

// Storage that cannot be asked is never "no store" and never "wrong passphrase".
func TestOpenWhenTheStorageFails(t *testing.T) {
	for name, prefix := range map[string]string{"configuration": "heirloom.json", "list of configurations": "config/", "keys": "keys/"} {
		t.Run(name, func(t *testing.T) {
			f := backendtest.New(encrypted())
			f.Fail(backendtest.Any, prefix, 1, nil)
			_, err := datastore.Open(t.Context(), f, datastore.Options{Passphrase: passphrase})
			require.ErrorIs(t, err, backendtest.ErrInjected)
			require.NotErrorIs(t, err, datastore.ErrNoStore)
			require.NotErrorIs(t, err, datastore.ErrPassphrase)
		})
	}
}

// Whoever can write to the storage must not be able to have the next backup stored in the clear.
func TestOpenRefusesAPlainConfigurationWhereOneMustBeEncrypted(t *testing.T) {
	b := mem.New()
	require.NoError(t, datastore.Create(t.Context(), b, datastore.CreateOptions{}))
	for _, o := range []datastore.Options{{Passphrase: passphrase}, {RequireEncryption: true}} {
		_, err := datastore.Open(t.Context(), b, o)
		require.ErrorIs(t, err, datastore.ErrPlain)
	}
	open(t, b, datastore.Options{})
}
