package chunk_test

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/hex"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/heirloom-backup/heirloom/chunk"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	require.NoError(t, err)
	return b
}

// Test cases 13 and 14 of McGrew and Viega, "The Galois/Counter Mode of Operation": zero key, zero nonce.
func TestSealKnownAnswers(t *testing.T) {
	s := chunk.NewSealer(chunk.Key{})
	require.Equal(t, unhex(t, "530f8afbc74536b9a963b4f1c4cb738b"), s.Seal(nil, nil, 0, nil))
	require.Equal(t, unhex(t, "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"),
		s.Seal(nil, make([]byte, 16), 0, nil))
}

// Case 16 has a nonce that a Sealer cannot be given; it checks the primitive beneath.
func TestGCMKnownAnswerWithAdditionalData(t *testing.T) {
	key := unhex(t, "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308")
	plain := unhex(t, "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"+
		"1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39")
	sealed := unhex(t, "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"+
		"8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"+"76fc6ece0f4e1768cddf8853bb2d551b")
	gcm := gcmUnder(t, key)
	got := gcm.Seal(nil, unhex(t, "cafebabefacedbaddecaf888"), plain, unhex(t, "feedfacedeadbeeffeedfacedeadbeefabaddad2"))
	require.Equal(t, sealed, got)
}

func gcmUnder(t require.TestingT, key []byte) cipher.AEAD {
	block, err := aes.NewCipher(key)
	require.NoError(t, err)
	gcm, err := cipher.NewGCM(block)
	require.NoError(t, err)
	return gcm
}

func TestSealIsGCMWithThatNonce(t *testing.T) {
	key := chunk.NewKey()
	want := gcmUnder(t, key[:]).Seal(nil, unhex(t, "000000000000000001020304"), []byte("plain"), []byte("aad"))
	require.Equal(t, want, chunk.NewSealer(key).Seal(nil, []byte("plain"), 0x01020304, []byte("aad")))
}

func TestOpenWhatWasSealed(t *testing.T) {
	s := chunk.NewSealer(chunk.NewKey())
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.SliceOf(rapid.Byte()).Draw(t, "plain")
		aad := rapid.SliceOf(rapid.Byte()).Draw(t, "aad")
		nonce := rapid.Uint32().Draw(t, "nonce")

		sealed := s.Seal([]byte("before"), plain, nonce, aad)
		require.Len(t, sealed, len("before")+len(plain)+chunk.Overhead)
		got, err := s.Open([]byte("before"), sealed[len("before"):], nonce, aad)
		require.NoError(t, err)
		require.Equal(t, "before"+string(plain), string(got))

		sealed[rapid.IntRange(len("before"), len(sealed)-1).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		_, err = s.Open(nil, sealed[len("before"):], nonce, aad)
		require.ErrorIs(t, err, chunk.ErrAuth)
	})
}

func TestOpenRefuses(t *testing.T) {
	key := chunk.NewKey()
	s := chunk.NewSealer(key)
	sealed := s.Seal(nil, []byte("plain"), 7, []byte("aad"))
	other := key
	other[31] ^= 1
	tests := []struct {
		name   string
		sealer *chunk.Sealer
		sealed []byte
		nonce  uint32
		aad    string
	}{
		{"another key", chunk.NewSealer(other), sealed, 7, "aad"},
		{"another nonce", s, sealed, 8, "aad"},
		{"other additional data", s, sealed, 7, "aae"},
		{"a truncated text", s, sealed[:len(sealed)-1], 7, "aad"},
		{"less than a tag", s, sealed[:chunk.Overhead-1], 7, "aad"},
		{"nothing", s, nil, 7, "aad"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := tt.sealer.Open([]byte("dst"), tt.sealed, tt.nonce, []byte(tt.aad))
			require.ErrorIs(t, err, chunk.ErrAuth)
			require.Equal(t, "dst", string(got), "dst comes back as it was")
		})
	}
}

func TestSealAndOpenInPlace(t *testing.T) {
	s := chunk.NewSealer(chunk.NewKey())
	buf := append(make([]byte, 0, 100), "plain"...)
	sealed := s.Seal(buf[:0], buf, 1, nil)
	require.Same(t, &buf[0], &sealed[0])
	plain, err := s.Open(sealed[:0], sealed, 1, nil)
	require.NoError(t, err)
	require.Equal(t, "plain", string(plain))
}

func TestKeysAreRandomAndDoNotPrint(t *testing.T) {
	k := chunk.NewKey()
	require.NotEqual(t, k, chunk.NewKey())
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		require.Contains(t, fmt.Sprintf(verb, k), "secret", verb)
	}
	require.NotContains(t, fmt.Sprintf("%x", k), hex.EncodeToString(k[:]))
}

func FuzzOpen(f *testing.F) {
	s := chunk.NewSealer(chunk.Key{1})
	f.Add([]byte{}, uint32(0), []byte{})
	f.Add(s.Seal(nil, []byte("plain"), 5, []byte("aad")), uint32(5), []byte("aad"))
	f.Fuzz(func(t *testing.T, sealed []byte, nonce uint32, aad []byte) {
		plain, err := s.Open(nil, sealed, nonce, aad)
		if err != nil {
			require.ErrorIs(t, err, chunk.ErrAuth)
			return
		}
		require.Equal(t, sealed, s.Seal(nil, plain, nonce, aad), "what opens is what sealing makes")
	})
}
