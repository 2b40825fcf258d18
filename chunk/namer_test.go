package chunk_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/heirloom-backup/heirloom/chunk"
)

// The examples of FIPS 180-2 and the cases of RFC 4231 whose result is not truncated.
func TestNamerKnownAnswers(t *testing.T) {
	tests := []struct {
		name, want string
		key        []byte
		data       string
	}{
		{"sha-256 of nothing", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", nil, ""},
		{"sha-256, one block", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", nil, "abc"},
		{
			"sha-256, two blocks", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1", nil,
			"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		},
		{
			"hmac case 1", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
			bytes.Repeat([]byte{0x0b}, 20), "Hi There",
		},
		{
			"hmac case 2, short key", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
			[]byte("Jefe"), "what do ya want for nothing?",
		},
		{
			"hmac case 3", "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
			bytes.Repeat([]byte{0xaa}, 20), strings.Repeat("\xdd", 50),
		},
		{
			"hmac case 6, key longer than a block", "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
			bytes.Repeat([]byte{0xaa}, 131), "Test Using Larger Than Block-Size Key - Hash Key First",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			require.Equal(t, tt.want, chunk.NewNamer(tt.key).Name([]byte(tt.data)).String())
		})
	}
}

func TestNameAllNamesAsNameDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.SliceOfN(rapid.Byte(), 1, 100).Draw(t, "key")
		chunks := rapid.SliceOf(rapid.SliceOf(rapid.Byte())).Draw(t, "chunks")
		plain, keyed := make([]chunk.ID, len(chunks)), make([]chunk.ID, len(chunks))
		chunk.NewNamer(nil).NameAll(plain, chunks)
		chunk.NewNamer(key).NameAll(keyed, chunks)
		for i, c := range chunks {
			mac := hmac.New(sha256.New, key)
			mac.Write(c)
			require.Equal(t, chunk.ID(mac.Sum(nil)), keyed[i])
			require.Equal(t, chunk.ID(sha256.Sum256(c)), plain[i])
		}
	})
}

func TestNamerCopiesItsKey(t *testing.T) {
	key := []byte("secret")
	n := chunk.NewNamer(key)
	key[0] = 'x'
	require.Equal(t, chunk.NewNamer([]byte("secret")).Name(nil), n.Name(nil))
}

func TestNamerRefusesBrokenCallers(t *testing.T) {
	require.PanicsWithValue(t, "chunk: NameAll: 1 ids for 2 chunks", func() {
		chunk.NewNamer(nil).NameAll(make([]chunk.ID, 1), make([][]byte, 2))
	})
	require.Panics(t, func() { chunk.NewNamer([]byte{}) })
}

func TestNamerConcurrently(t *testing.T) {
	n := chunk.NewNamer([]byte("key"))
	want := n.Name([]byte("data"))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 100 {
				if n.Name([]byte("data")) != want {
					t.Error("another ID for the same data")
				}
			}
		})
	}
	wg.Wait()
}

func TestNamerDoesNotAllocate(t *testing.T) {
	if raceDetector {
		t.Skip("under the race detector sync.Pool drops values on purpose")
	}
	data := make([]byte, 1000)
	chunks, ids := [][]byte{data, data, data}, make([]chunk.ID, 3)
	for name, n := range map[string]*chunk.Namer{"plain": chunk.NewNamer(nil), "keyed": chunk.NewNamer([]byte("key"))} {
		require.Zero(t, testing.AllocsPerRun(1000, func() { n.Name(data) }), name)
		require.Zero(t, testing.AllocsPerRun(1000, func() { n.NameAll(ids, chunks) }), name)
	}
}
