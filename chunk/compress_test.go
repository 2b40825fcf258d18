package chunk_test

import (
	"bytes"
	"encoding/base64"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/internal/alloctest"
)

func newCodec(t testing.TB, o chunk.CodecOptions) *chunk.Codec {
	t.Helper()
	c, err := chunk.NewCodec(o)
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}

func TestCodecOptions(t *testing.T) {
	tests := []struct {
		name    string
		options chunk.CodecOptions
		problem string
	}{
		{"level", chunk.CodecOptions{Level: 3}, "new codec: unknown level 3"},
		{"negative level", chunk.CodecOptions{Level: -1}, "unknown level -1"},
		{"concurrency", chunk.CodecOptions{Concurrency: -1}, "concurrency is -1"},
		{"size", chunk.CodecOptions{MaxSize: -5}, "maximum size is -5 bytes"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := chunk.NewCodec(tt.options)
			require.ErrorContains(t, err, tt.problem)
		})
	}
}

func TestWhatCompressionPays(t *testing.T) {
	random := randomBytes(1, 128<<10)
	text := logLines(128 << 10)
	tests := []struct {
		name string
		data []byte
		want chunk.Compression
	}{
		{"nothing", nil, chunk.Stored},
		{"a byte", []byte("x"), chunk.Stored},
		{"text", text, chunk.Zstd},
		{"a little text", text[:500], chunk.Zstd},
		{"zeros", make([]byte, 1<<20), chunk.Zstd},
		{"random", random, chunk.Stored},
		{"a little random", random[:2000], chunk.Stored},
		{"random as base64", []byte(base64.StdEncoding.EncodeToString(random)), chunk.Zstd},
		{"random with an eighth of text", append(bytes.Clone(random), text[:16<<10]...), chunk.Zstd},
		{"random with a hundredth of text", append(bytes.Clone(random), text[:1300]...), chunk.Stored},
	}
	c := newCodec(t, chunk.CodecOptions{})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dst := []byte("before")
			out, compression := c.Compress(dst, tt.data)
			require.Equal(t, tt.want, compression)
			if compression == chunk.Stored {
				require.Equal(t, "before", string(out))
				return
			}
			require.Less(t, len(out)-len(dst), len(tt.data))
			back, err := c.Decompress(nil, out[len(dst):], len(tt.data))
			require.NoError(t, err)
			require.True(t, bytes.Equal(tt.data, back))
		})
	}
}

func TestDecompressRestoresAtEveryLevel(t *testing.T) {
	reader := newCodec(t, chunk.CodecOptions{})
	for level := chunk.Fastest; level <= chunk.Smaller; level++ {
		writer := newCodec(t, chunk.CodecOptions{Level: level, Concurrency: 1})
		rapid.Check(t, func(t *rapid.T) {
			word := rapid.SliceOfN(rapid.Byte(), 1, 50).Draw(t, "word")
			data := bytes.Repeat(word, rapid.IntRange(100, 8000).Draw(t, "times"))
			frame, compression := writer.Compress(nil, data)
			require.Equal(t, chunk.Zstd, compression)

			spare := rapid.SampledFrom([]int{0, 1, len(data), len(data) + 16, 2 * len(data)}).Draw(t, "spare")
			dst := append(make([]byte, 0, 6+spare), "before"...)
			back, err := reader.Decompress(dst, frame, len(data))
			require.NoError(t, err)
			require.Equal(t, "before", string(back[:6]))
			require.True(t, bytes.Equal(data, back[6:]))
		})
	}
}

func TestDecompressUpToMaxSize(t *testing.T) {
	for _, size := range []int{600, 1 << 20, 4 << 20} {
		c := newCodec(t, chunk.CodecOptions{MaxSize: size, Concurrency: 1})
		data := bytes.Repeat([]byte("0123456789abcdef"), size/16+1)[:size]
		frame, compression := c.Compress(nil, data)
		require.Equal(t, chunk.Zstd, compression)
		for _, spare := range []int{0, size, size + 16} {
			back, err := c.Decompress(make([]byte, 3, 3+spare), frame, size)
			require.NoError(t, err, "size %d, spare %d", size, spare)
			require.True(t, bytes.Equal(data, back[3:]))
		}
	}
}

// A frame written by hand from RFC 8878: magic, single segment of 5 bytes, one last raw block.
const rawFrame = "28b52ffd2005" + "290000" + "68656c6c6f"

func TestDecompressKnownAnswer(t *testing.T) {
	got, err := newCodec(t, chunk.CodecOptions{}).Decompress(nil, unhex(t, rawFrame), 5)
	require.NoError(t, err)
	require.Equal(t, "hello", string(got))
}

func TestDecompressRefuses(t *testing.T) {
	c := newCodec(t, chunk.CodecOptions{MaxSize: 1 << 20})
	frame, _ := c.Compress(nil, logLines(10000))
	tests := []struct {
		name    string
		frame   []byte
		size    int
		corrupt bool
		problem string
	}{
		{"one byte less", frame, 9999, true, "it holds 10000"},
		{"far less", frame, 10, true, "exceeds"},
		{"more", frame, 10001, true, "it holds 10000"},
		{"truncated", frame[:len(frame)/2], 10000, true, "unexpected EOF"},
		{"nothing", nil, 1, true, "it holds 0"},
		{"no zstd", []byte("plain text, no frame"), 10, true, "magic"},
		{"negative size", frame, -1, false, "allowed are 0 to 1048576"},
		{"size beyond the codec's", frame, 1<<20 + 1, false, "allowed are 0 to 1048576"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := c.Decompress([]byte("dst"), tt.frame, tt.size)
			require.ErrorContains(t, err, tt.problem)
			require.Equal(t, "dst", string(got))
			if tt.corrupt {
				require.ErrorIs(t, err, chunk.ErrCorrupt)
			}
		})
	}
}

// Frames that stand for gigabytes, or ask for a window of that size, in a few bytes.
func bombs(t testing.TB) map[string][]byte {
	run := unhex(t, "020010"+"61") // a block: 128 KiB of "a", not the last
	return map[string][]byte{
		"announced":         append(unhex(t, "28b52ffda000000040"), bytes.Repeat(run, 8192)...),
		"unannounced":       append(unhex(t, "28b52ffd0038"), bytes.Repeat(run, 8192)...),
		"giant window":      append(unhex(t, "28b52ffd00a0"), run...),
		"many empty frames": bytes.Repeat(unhex(t, "28b52ffd2000010000"), 1<<16),
	}
}

func TestHostileFramesCostNoMemory(t *testing.T) {
	c := newCodec(t, chunk.CodecOptions{Concurrency: 1})
	warm, _ := c.Compress(nil, logLines(10000))
	_, err := c.Decompress(nil, warm, 10000)
	require.NoError(t, err)
	for name, bomb := range bombs(t) {
		t.Run(name, func(t *testing.T) {
			for _, size := range []int{0, 1000} {
				var err error
				spent := alloctest.Bytes(func() { _, err = c.Decompress(nil, bomb, size) })
				if name != "many empty frames" || size > 0 {
					require.ErrorIs(t, err, chunk.ErrCorrupt)
				}
				require.Less(t, spent, uint64(1<<20), "size %d", size)
			}
		})
	}
}

func TestCodecConcurrently(t *testing.T) {
	c := newCodec(t, chunk.CodecOptions{Concurrency: 2})
	text := logLines(50000)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for data := text[i:]; len(data) > 5000; data = data[5000:] {
				frame, _ := c.Compress(nil, data)
				back, err := c.Decompress(nil, frame, len(data))
				if err != nil || !bytes.Equal(back, data) {
					t.Errorf("%d bytes did not come back: %v", len(data), err)
				}
			}
		})
	}
	wg.Wait()
}

func TestCodecDoesNotAllocate(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector allocates")
	}
	c := newCodec(t, chunk.CodecOptions{Concurrency: 1})
	data := logLines(100_000)
	frame, plain := make([]byte, 0, len(data)+1024), make([]byte, 0, len(data))
	require.Zero(t, testing.AllocsPerRun(200, func() {
		compressed, _ := c.Compress(frame, data)
		if _, err := c.Decompress(plain, compressed, len(data)); err != nil {
			t.Error(err)
		}
	}))
}

func FuzzDecompress(f *testing.F) {
	c := newCodec(f, chunk.CodecOptions{MaxSize: 1 << 20})
	frame, _ := c.Compress(nil, logLines(3000))
	f.Add(frame, 3000)
	f.Add(unhex(f, rawFrame), 5)
	for _, bomb := range bombs(f) {
		f.Add(bomb[:min(100, len(bomb))], 1000)
	}
	f.Fuzz(func(t *testing.T, frame []byte, size int) {
		dst := []byte("dst")
		got, err := c.Decompress(dst, frame, size)
		require.Equal(t, "dst", string(got[:3]))
		if err != nil {
			require.Len(t, got, 3)
			return
		}
		require.Len(t, got, 3+size)
	})
}
