package chunk_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/heirloom-backup/heirloom/chunk"
)

// smallParams are one set per algorithm, small enough that tests see many chunks.
var smallParams = []chunk.Params{
	{Algorithm: chunk.Gear, Min: 256, Average: 1024, Max: 4096},
	{Algorithm: chunk.Rabin, Min: 256, Average: 1024, Max: 4096},
	{Algorithm: chunk.Fixed, Min: 1024, Average: 1024, Max: 1024},
}

func splitterOf(t testing.TB, p chunk.Params, secret string) chunk.Splitter {
	t.Helper()
	s, err := p.Splitter([]byte(secret))
	require.NoError(t, err)
	return s
}

// cutAll returns the chunks of data.
func cutAll(s chunk.Splitter, data []byte) [][]byte {
	var chunks [][]byte
	for len(data) > 0 {
		n := s.Cut(data)
		chunks = append(chunks, data[:n])
		data = data[n:]
	}
	return chunks
}

// Boundaries are part of every store: data cut in other places finds no duplicates. These must never change.
func TestBoundariesStayForever(t *testing.T) {
	golden := map[chunk.Algorithm]struct {
		first  []int
		digest string // SHA-256 of all lengths, each as decimal and newline
	}{
		chunk.Gear: {
			[]int{408, 334, 439, 1628, 1338, 1013},
			"74c48dc87bba07ce73bda9cb66ac83a0e001a616d8ee90144bee9149b63bcd39",
		},
		chunk.Rabin: {
			[]int{925, 2502, 1887, 263, 257, 552},
			"5a9b414430f36287df952e1668b7fa7a35ef54df9a66036c570c2bfa8cd26b51",
		},
		chunk.Fixed: {
			[]int{1024, 1024, 1024, 1024, 1024, 1024},
			"0498cc2250c0282b7340a72a19e5b3b7031f388a0e0e63ec6a7e70aa7142128a",
		},
	}
	data := randomBytes(1, 1<<20)
	for _, p := range smallParams {
		t.Run(string(p.Algorithm), func(t *testing.T) {
			var lengths []int
			digest := sha256.New()
			for _, c := range cutAll(splitterOf(t, p, "golden secret"), data) {
				lengths = append(lengths, len(c))
				fmt.Fprintln(digest, len(c))
			}
			require.Equal(t, golden[p.Algorithm].first, lengths[:6])
			require.Equal(t, golden[p.Algorithm].digest, hex.EncodeToString(digest.Sum(nil)))
		})
	}
}

func TestMeanChunkOfRandomData(t *testing.T) {
	tests := []struct {
		params chunk.Params
		want   float64
	}{
		{chunk.Params{Algorithm: chunk.Gear, Min: 256, Average: 1024, Max: 4096}, 1024},
		{chunk.Params{Algorithm: chunk.Gear, Min: 64, Average: 1000, Max: 3000}, 1000},
		{chunk.Params{Algorithm: chunk.Gear, Min: 512, Average: 1024, Max: 8192}, 1024},
		{chunk.Params{Algorithm: chunk.Rabin, Min: 256, Average: 1024, Max: 1 << 16}, 1280},
		{chunk.Params{Algorithm: chunk.Fixed, Min: 1024, Average: 1024, Max: 1024}, 1024},
	}
	data := randomBytes(2, 8<<20)
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.params), func(t *testing.T) {
			chunks := cutAll(splitterOf(t, tt.params, "secret"), data)
			require.InEpsilon(t, tt.want, float64(len(data))/float64(len(chunks)), 0.05)
		})
	}
}

func TestInsertedBytesChangeFewChunks(t *testing.T) {
	data := randomBytes(3, 256<<10)
	for _, p := range smallParams[:2] {
		s := splitterOf(t, p, "secret")
		known := map[string]bool{}
		for _, c := range cutAll(s, data) {
			known[string(c)] = true
		}
		t.Run(string(p.Algorithm), rapid.MakeCheck(func(t *rapid.T) {
			at := rapid.IntRange(0, len(data)).Draw(t, "at")
			inserted := rapid.SliceOfN(rapid.Byte(), 1, 200).Draw(t, "inserted")
			fresh := 0
			for _, c := range cutAll(s, slices.Concat(data[:at], inserted, data[at:])) {
				if !known[string(c)] {
					fresh++
				}
			}
			require.LessOrEqual(t, fresh, 16, "of about %d chunks", len(known))
		}))
	}
}

func TestSecretMovesBoundaries(t *testing.T) {
	data := randomBytes(4, 64<<10)
	for _, p := range smallParams[:2] {
		one, other := cutAll(splitterOf(t, p, "one"), data), cutAll(splitterOf(t, p, "other"), data)
		require.NotEqual(t, one, other, p.Algorithm)
		require.Equal(t, one, cutAll(splitterOf(t, p, "one"), data), p.Algorithm)
	}
}

// checkCuts fails unless s cuts data as the Splitter interface promises.
func checkCuts(t require.TestingT, s chunk.Splitter, p chunk.Params, data []byte) {
	require.Equal(t, p.Max, s.MaxSize())
	require.Zero(t, s.Cut(nil))
	for rest := data; len(rest) > 0; {
		n := s.Cut(rest)
		require.LessOrEqual(t, n, min(p.Max, len(rest)))
		require.GreaterOrEqual(t, n, min(p.Min, len(rest)))
		require.Equal(t, n, s.Cut(rest[:min(p.Max, len(rest))]), "what lies beyond MaxSize has no influence")
		rest = rest[n:]
	}
	var joined []byte
	for c, err := range chunk.Split(iotest.OneByteReader(bytes.NewReader(data)), s) {
		require.NoError(t, err)
		require.Equal(t, s.Cut(data[len(joined):]), len(c), "a stream is cut as its bytes are")
		joined = append(joined, c...)
	}
	require.True(t, bytes.Equal(data, joined), "the chunks are the stream")
}

func FuzzSplitters(f *testing.F) {
	f.Add([]byte{}, "")
	f.Add(make([]byte, 10000), "zeros")
	f.Add(randomBytes(5, 20000), "random")
	f.Add(logLines(20000), "text")
	f.Fuzz(func(t *testing.T, data []byte, secret string) {
		for _, p := range smallParams {
			checkCuts(t, splitterOf(t, p, secret), p, data)
		}
	})
}

func TestSplitReportsWhereReadingFailed(t *testing.T) {
	s := splitterOf(t, smallParams[2], "")
	// The second is how a reader tells that its own source was cut short: no end of stream for us.
	for _, cause := range []error{errors.New("cable out"), io.ErrUnexpectedEOF} {
		r := io.MultiReader(bytes.NewReader(make([]byte, 5000)), iotest.ErrReader(cause))
		var sizes []int
		var failure error
		for c, err := range chunk.Split(r, s) {
			require.NoError(t, failure, "the error is the last thing yielded")
			sizes, failure = append(sizes, len(c)), err
		}
		require.ErrorIs(t, failure, cause)
		require.ErrorContains(t, failure, fmt.Sprintf("split stream: chunk at byte %d: ", 1024*(len(sizes)-1)))
	}
}

func TestSplitStopsWhenTheLoopDoes(t *testing.T) {
	s := splitterOf(t, smallParams[0], "")
	r := bytes.NewReader(make([]byte, 1<<20))
	for range chunk.Split(r, s) {
		break
	}
	require.Equal(t, 1<<20-2*s.MaxSize(), r.Len(), "one buffer was read")
}

// stuck is a Splitter that breaks the promise to make headway.
type stuck struct{}

func (stuck) Cut([]byte) int { return 0 }
func (stuck) MaxSize() int   { return 100 }

func TestSplitDoesNotEndQuietlyOnABrokenSplitter(t *testing.T) {
	var failure error
	for _, err := range chunk.Split(bytes.NewReader(make([]byte, 150)), stuck{}) {
		failure = err
	}
	require.ErrorContains(t, failure, "split stream: chunk at byte 0: splitter cut 0 of 150 bytes")
}
