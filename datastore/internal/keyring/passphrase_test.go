package keyring_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore/internal/keyring"
)

var update = flag.Bool("update", false, "write the golden files anew: only for a new format version")

// quick is a key whose derivation takes no time.
func quick() *keyring.Key {
	return &keyring.Key{Format: 1, ID: "0123456789abcdef0123456789abcdef", Kind: keyring.KindPassphrase, Label: "test",
		Created: time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC),
		KDF:     keyring.KDF{Name: "argon2id", Time: 1, Memory: 8, Threads: 1, Salt: []byte("salt and pepper!")}}
}

func wrapped(t testing.TB, s *keyring.Secrets, passphrase string) *keyring.Key {
	k := quick()
	require.NoError(t, s.Wrap(k, []byte(passphrase)))
	return k
}

func TestWrap(t *testing.T) {
	s := fixed(t)
	k := wrapped(t, s, "open sesame")
	text, err := json.Marshal(k)
	require.NoError(t, err)
	require.NotContains(t, string(text), "private")
	stored := &keyring.Key{}
	require.NoError(t, json.Unmarshal(text, stored))
	got, err := stored.Unwrap([]byte("open sesame"))
	require.NoError(t, err)
	require.Equal(t, s, got)

	require.NotEqual(t, k.Sealed, wrapped(t, s, "open sesame").Sealed, "each has a nonce of its own")
	adder := *s
	adder.Private = nil
	got, err = wrapped(t, &adder, "").Unwrap(nil)
	require.NoError(t, err)
	require.Equal(t, &adder, got)
}

// TestGolden keeps key files of released versions open.
func TestGolden(t *testing.T) {
	const path, passphrase = "testdata/key.json", "correct horse battery staple"
	if *update {
		text, err := json.Marshal(wrapped(t, fixed(t), passphrase))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(path, append(text, '\n'), 0o644))
	}
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	k := &keyring.Key{}
	require.NoError(t, json.Unmarshal(text, k))
	want := quick()
	want.Sealed = k.Sealed
	require.Equal(t, want, k)
	got, err := k.Unwrap([]byte(passphrase))
	require.NoError(t, err)
	require.Equal(t, fixed(t), got)
}

func TestUnwrapWithTheWrongPassphrase(t *testing.T) {
	k := wrapped(t, fixed(t), "right")
	for _, wrong := range []string{"", "Right", "right ", "wrong"} {
		_, err := k.Unwrap([]byte(wrong))
		require.ErrorIs(t, err, keyring.ErrPassphrase, "%q", wrong)
	}
}

func TestUnwrapDamaged(t *testing.T) {
	k := wrapped(t, fixed(t), "right")
	whole := k.Sealed
	for n := range whole {
		k.Sealed = whole[:n]
		_, err := k.Unwrap([]byte("right"))
		require.Error(t, err, "cut off after %d bytes", n)
		k.Sealed = bytes.Clone(whole)
		k.Sealed[n] ^= 0x10
		_, err = k.Unwrap([]byte("right"))
		require.ErrorIs(t, err, keyring.ErrPassphrase, "byte %d flipped", n)
	}
	k.Sealed = whole
	k.ID = "another"
	_, err := k.Unwrap([]byte("right"))
	require.ErrorIs(t, err, keyring.ErrPassphrase, "the key under another id")
	k.Kind = "token"
	_, err = k.Unwrap([]byte("right"))
	require.ErrorContains(t, err, `kind "token" is not supported`)
}

// TestUnwrapChecksLengths has secrets that would make a primitive panic later.
func TestUnwrapChecksLengths(t *testing.T) {
	for name, change := range map[string]func(s *keyring.Secrets){
		"private":   func(s *keyring.Secrets) { s.Private = s.Private[:31] },
		"id_key":    func(s *keyring.Secrets) { s.IDKey = nil },
		"split_key": func(s *keyring.Secrets) { s.SplitKey = s.SplitKey[:1] },
		"writer":    func(s *keyring.Secrets) { s.Writer = append(s.Writer, 0) },
		"public":    func(s *keyring.Secrets) { s.Public = nil },
		"owner":     func(s *keyring.Secrets) { s.Owner = s.Owner[:31] },
	} {
		t.Run(name, func(t *testing.T) {
			s := fixed(t)
			change(s)
			_, err := wrapped(t, s, "p").Unwrap([]byte("p"))
			require.ErrorContains(t, err, "secret "+name+" has")
		})
	}
}

func TestWrapRefusesItsParameters(t *testing.T) {
	k := quick()
	k.KDF.Name = "scrypt"
	require.ErrorContains(t, fixed(t).Wrap(k, nil), "is not supported")
	require.Empty(t, k.Sealed)
}

// FuzzKey reads and opens key files. Those that are within bounds but dear are left out.
func FuzzKey(f *testing.F) {
	text, err := json.Marshal(wrapped(f, fixed(f), "p"))
	require.NoError(f, err)
	f.Add(text)
	f.Add([]byte(`{"kind":"passphrase","sealed":"AAAA",
		"kdf":{"name":"argon2id","time":4294967295,"memory_kib":4294967295,"threads":255,"salt":"AAAAAAAAAAAA"}}`))
	f.Add([]byte(`{"kind":"passphrase","sealed":"AAAA",
		"kdf":{"name":"argon2id","time":1,"memory_kib":8,"threads":1,"salt":"AAAAAAAAAAAA"}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		k := &keyring.Key{}
		if json.Unmarshal(text, k) != nil {
			return
		}
		if dear := k.KDF.Memory > 64 || k.KDF.Time > 4; dear && k.KDF.Memory <= 4<<20 && k.KDF.Time <= 64 {
			return
		}
		s, err := k.Unwrap([]byte("p"))
		if err == nil {
			require.Equal(t, fixed(t), s, "nobody else knows the passphrase")
		}
	})
}
