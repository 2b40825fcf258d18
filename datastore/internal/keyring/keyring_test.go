package keyring_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/internal/keyring"
)

// fixed returns the secrets that the golden files were made with.
func fixed(t testing.TB) *keyring.Secrets {
	fill := func(b byte) []byte { return bytes.Repeat([]byte{b}, 32) }
	private, err := ecdh.X25519().NewPrivateKey(fill(1))
	require.NoError(t, err)
	return &keyring.Secrets{Private: fill(1), IDKey: fill(2), SplitKey: fill(3), Writer: fill(4), WriterID: "writer",
		Public: private.PublicKey().Bytes(), Owner: fill(5)}
}

func TestNewSecrets(t *testing.T) {
	a, err := keyring.NewSecrets("w")
	require.NoError(t, err)
	b, err := keyring.NewSecrets("w")
	require.NoError(t, err)
	require.Equal(t, "w", a.WriterID)
	seen := map[string]bool{}
	for _, part := range [][]byte{
		a.Private, a.Public, a.IDKey, a.SplitKey, a.Writer, a.Owner,
		b.Private, b.Public, b.IDKey, b.SplitKey, b.Writer, b.Owner,
	} {
		require.Len(t, part, 32)
		require.False(t, seen[string(part)], "no two secrets are equal")
		seen[string(part)] = true
	}
}

func TestSealTo(t *testing.T) {
	s := fixed(t)
	key := chunk.NewKey()
	sealed, err := keyring.SealTo(s.Public, keyring.InfoPackKey, key[:])
	require.NoError(t, err)
	require.Len(t, sealed, 80, "a pack key's slot")
	got, err := s.PackKey(sealed)
	require.NoError(t, err)
	require.Equal(t, key, got)

	_, err = s.Open(keyring.InfoDetails, sealed)
	require.Error(t, err, "what was sealed as a pack key opens as nothing else")
	for n := range sealed {
		_, err = s.PackKey(sealed[:n])
		require.Error(t, err, "cut off after %d bytes", n)
		bad := bytes.Clone(sealed)
		bad[n] ^= 1
		_, err = s.PackKey(bad)
		require.Error(t, err, "byte %d flipped", n)
	}
	other, err := keyring.NewSecrets("w")
	require.NoError(t, err)
	_, err = other.PackKey(sealed)
	require.Error(t, err, "opened with another store's key")

	adder := *s
	adder.Private = nil
	_, err = adder.PackKey(sealed)
	require.ErrorIs(t, err, keyring.ErrNoPrivateKey)
}

func TestPackKeyOfAnotherLength(t *testing.T) {
	s := fixed(t)
	sealed, err := keyring.SealTo(s.Public, keyring.InfoPackKey, make([]byte, 31))
	require.NoError(t, err)
	_, err = s.PackKey(sealed)
	require.ErrorContains(t, err, "31 bytes instead of 32")
}

func TestSealToRefusesBadPublicKeys(t *testing.T) {
	for name, public := range map[string][]byte{
		"none": nil, "short": make([]byte, 31), "a point of small order": make([]byte, 32),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := keyring.SealTo(public, keyring.InfoPackKey, nil)
			require.Error(t, err)
		})
	}
}

// TestGoldenSealed opens what an earlier version sealed.
func TestGoldenSealed(t *testing.T) {
	const path, plain = "testdata/sealed.base64", "sealed by the first version"
	s := fixed(t)
	if *update {
		sealed, err := keyring.SealTo(s.Public, keyring.InfoDetails, []byte(plain))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(path, []byte(base64.StdEncoding.EncodeToString(sealed)+"\n"), 0o644))
	}
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	sealed, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
	require.NoError(t, err)
	got, err := s.Open(keyring.InfoDetails, sealed)
	require.NoError(t, err)
	require.Equal(t, plain, string(got))
}

// TestSealedIsRFC9180 opens a sealed text with nothing but the RFC's formulas, so that the format is what the format
// page says and not what a library happens to do.
func TestSealedIsRFC9180(t *testing.T) {
	s := fixed(t)
	sealed, err := keyring.SealTo(s.Public, keyring.InfoPackKey, []byte("plain"))
	require.NoError(t, err)
	enc, text := sealed[:32], sealed[32:]

	private, err := ecdh.X25519().NewPrivateKey(s.Private)
	require.NoError(t, err)
	sender, err := ecdh.X25519().NewPublicKey(enc)
	require.NoError(t, err)
	dh, err := private.ECDH(sender)
	require.NoError(t, err)

	kem := suite("KEM\x00\x20")
	shared := kem.expand(t, kem.extract(t, "", "eae_prk", string(dh)), "shared_secret", string(enc)+string(s.Public), 32)
	hpke := suite("HPKE\x00\x20\x00\x01\x00\x02")
	context := "\x00" + string(hpke.extract(t, "", "psk_id_hash", "")) +
		string(hpke.extract(t, "", "info_hash", keyring.InfoPackKey))
	secret := hpke.extract(t, string(shared), "secret", "")
	block, err := aes.NewCipher(hpke.expand(t, secret, "key", context, 32))
	require.NoError(t, err)
	aead, err := cipher.NewGCM(block)
	require.NoError(t, err)
	got, err := aead.Open(nil, hpke.expand(t, secret, "base_nonce", context, 12), text, nil)
	require.NoError(t, err)
	require.Equal(t, "plain", string(got))
}

// suite is a suite_id of RFC 9180, section 4; its methods are LabeledExtract and LabeledExpand.
type suite string

func (s suite) extract(t *testing.T, salt, label, ikm string) []byte {
	prk, err := hkdf.Extract(sha256.New, []byte("HPKE-v1"+string(s)+label+ikm), []byte(salt))
	require.NoError(t, err)
	return prk
}

func (s suite) expand(t *testing.T, prk []byte, label, info string, n int) []byte {
	key, err := hkdf.Expand(sha256.New, prk, string([]byte{0, byte(n)})+"HPKE-v1"+string(s)+label+info, n)
	require.NoError(t, err)
	return key
}
