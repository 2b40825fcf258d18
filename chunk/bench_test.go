package chunk_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/heirloom-backup/heirloom/chunk"
)

func BenchmarkCut(b *testing.B) {
	data := randomBytes(1, 32<<20)
	for _, p := range []chunk.Params{
		chunk.DefaultParams(),
		{Algorithm: chunk.Rabin, Min: 32 << 10, Average: 128 << 10, Max: 512 << 10},
		{Algorithm: chunk.Fixed, Min: 128 << 10, Average: 128 << 10, Max: 128 << 10},
	} {
		s := splitterOf(b, p, "secret")
		b.Run(string(p.Algorithm), func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			var chunks int
			for b.Loop() {
				chunks = len(cutAll(s, data))
			}
			b.ReportMetric(float64(len(data))/float64(chunks), "B/chunk")
		})
	}
}

func BenchmarkName(b *testing.B) {
	for _, size := range []int{4 << 10, 128 << 10} {
		data := randomBytes(1, size)
		for name, n := range map[string]*chunk.Namer{"plain": chunk.NewNamer(nil), "keyed": chunk.NewNamer([]byte("key"))} {
			b.Run(fmt.Sprintf("%s/%dKiB", name, size>>10), func(b *testing.B) {
				b.SetBytes(int64(size))
				b.ReportAllocs()
				for b.Loop() {
					n.Name(data)
				}
			})
		}
	}
}

func BenchmarkNameAll(b *testing.B) {
	const total = 8 << 20
	data := randomBytes(1, total)
	batches := map[string][][]byte{"gear": cutAll(splitterOf(b, chunk.DefaultParams(), "secret"), data)}
	for _, size := range []int{4 << 10, 64 << 10, 128 << 10} {
		batches[fmt.Sprintf("%dKiB", size>>10)] = slices.Collect(slices.Chunk(data, size))
	}
	for batch, chunks := range batches {
		ids := make([]chunk.ID, len(chunks))
		for name, n := range map[string]*chunk.Namer{"plain": chunk.NewNamer(nil), "keyed": chunk.NewNamer([]byte("key"))} {
			b.Run(fmt.Sprintf("%s/%s", name, batch), func(b *testing.B) {
				b.SetBytes(total)
				b.ReportAllocs()
				for b.Loop() {
					n.NameAll(ids, chunks)
				}
			})
		}
	}
}

func BenchmarkCompress(b *testing.B) {
	for _, size := range []int{128 << 10, 1 << 20} {
		for name, data := range map[string][]byte{"text": logLines(size), "random": randomBytes(1, size)} {
			for level := chunk.Fastest; level <= chunk.Smaller; level++ {
				c := newCodec(b, chunk.CodecOptions{Level: level, Concurrency: 1})
				dst := make([]byte, 0, size+1024)
				b.Run(fmt.Sprintf("%s/%dKiB/level%d", name, size>>10, level), func(b *testing.B) {
					b.SetBytes(int64(size))
					b.ReportAllocs()
					var out []byte
					for b.Loop() {
						out, _ = c.Compress(dst, data)
					}
					b.ReportMetric(float64(len(out))/float64(size), "ratio")
				})
			}
		}
	}
}

func BenchmarkDecompress(b *testing.B) {
	for _, size := range []int{128 << 10, 1 << 20} {
		c := newCodec(b, chunk.CodecOptions{Concurrency: 1})
		frame, _ := c.Compress(nil, logLines(size))
		for _, spare := range []int{0, 16} {
			dst := make([]byte, 0, size+spare)
			b.Run(fmt.Sprintf("text/%dKiB/spare%d", size>>10, spare), func(b *testing.B) {
				b.SetBytes(int64(size))
				b.ReportAllocs()
				for b.Loop() {
					if _, err := c.Decompress(dst, frame, size); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkSeal(b *testing.B) {
	s := chunk.NewSealer(chunk.NewKey())
	for _, size := range []int{4 << 10, 1 << 20} {
		plain, dst := make([]byte, size), make([]byte, 0, size+chunk.Overhead)
		b.Run(fmt.Sprintf("%dKiB", size>>10), func(b *testing.B) {
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				s.Seal(dst, plain, 1, nil)
			}
		})
	}
}

func BenchmarkOpen(b *testing.B) {
	s := chunk.NewSealer(chunk.NewKey())
	for _, size := range []int{4 << 10, 1 << 20} {
		sealed, dst := s.Seal(nil, make([]byte, size), 1, nil), make([]byte, 0, size)
		b.Run(fmt.Sprintf("%dKiB", size>>10), func(b *testing.B) {
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := s.Open(dst, sealed, 1, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
