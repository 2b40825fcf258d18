package chunk

import (
	"bytes"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/restic/chunker"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestRabinCutsAsTheStreamingChunkerDoes(t *testing.T) {
	const secret = "secret"
	polynomial, err := derivePolynomial([]byte(secret))
	require.NoError(t, err)
	rapid.Check(t, func(t *rapid.T) {
		data := make([]byte, rapid.IntRange(0, 50000).Draw(t, "length"))
		rand.NewChaCha8([32]byte{rapid.Byte().Draw(t, "seed")}).Read(data)
		r, err := newRabin(Params{Algorithm: Rabin, Min: 100, Average: 512, Max: 2000}, []byte(secret))
		require.NoError(t, err)

		stream := chunker.NewWithBoundaries(bytes.NewReader(data), polynomial, 100, 2000)
		stream.SetAverageBits(9)
		for rest := data; len(rest) > 0; {
			want, err := stream.Next(nil)
			require.NoError(t, err)
			n := r.Cut(rest)
			require.EqualValues(t, want.Length, n)
			rest = rest[n:]
		}
		_, err = stream.Next(nil)
		require.ErrorIs(t, err, io.EOF)
	})
}

// RFC 5869, test case 3: as here, neither salt.
func TestHKDFKnownAnswer(t *testing.T) {
	key, err := hkdf.Key(sha256.New, bytes.Repeat([]byte{0x0b}, 22), nil, "", 42)
	require.NoError(t, err)
	require.Equal(t, "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
		hex.EncodeToString(key))
}

func TestPolynomialStaysForever(t *testing.T) {
	polynomial, err := derivePolynomial([]byte("golden secret"))
	require.NoError(t, err)
	require.Equal(t, chunker.Pol(0x3fcaf6e58a2cb7), polynomial)
	require.True(t, polynomial.Irreducible())
}
