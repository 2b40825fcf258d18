package lanes

import (
	"crypto/sha256"
	"math/rand/v2"
	"testing"
)

// workloads are batches such as a backup hands over, and what is worst for lanes.
func workloads() map[string][]int {
	random := rand.New(rand.NewPCG(3, 4))
	gear := make([]int, 32) // gear chunks around 128 KiB
	for i := range gear {
		gear[i] = 32<<10 + min(480<<10, int(random.ExpFloat64()*96*1024))
	}
	files := make([]int, 64) // small files, 1 MiB in all
	for i := range files {
		files[i] = int(random.ExpFloat64() * 16 * 1024)
	}
	return map[string][]int{
		"1x64KiB":      {64 << 10},
		"64x4KiB":      times(64, 4<<10),
		"16x64KiB":     times(16, 64<<10),
		"32x64KiB":     times(32, 64<<10),
		"32xgear":      gear,
		"64xsmall":     files,
		"1x1MiB+15x4K": append(times(15, 4<<10), 1<<20),
	}
}

func times(n, size int) []int {
	sizes := make([]int, n)
	for i := range sizes {
		sizes[i] = size
	}
	return sizes
}

func batch(sizes []int) (messages [][]byte, total int64) {
	for i, size := range sizes {
		messages = append(messages, randomBytes(byte(i), size))
		total += int64(size)
	}
	return messages, total
}

func BenchmarkSumAll(b *testing.B) {
	for name, sizes := range workloads() {
		messages, total := batch(sizes)
		sums := make([]sum, len(messages))
		b.Run(name, func(b *testing.B) {
			b.Run("std", func(b *testing.B) {
				b.SetBytes(total)
				for b.Loop() {
					for i, m := range messages {
						sums[i] = sha256.Sum256(m)
					}
				}
			})
			forEachEngine(b, func(b *testing.B, e *Engine) {
				h := New[sum](e)
				b.SetBytes(total)
				b.ReportAllocs()
				for b.Loop() {
					h.SumAll(sums, messages)
				}
			})
		})
	}
}

// BenchmarkBlocks is the engines alone: what they make of all lanes, without anything around them.
func BenchmarkBlocks(b *testing.B) {
	const blocks = 256
	pool := randomBytes(1, maxWidth*blocks*blockSize)
	forEachEngine(b, func(b *testing.B, e *Engine) {
		var state [8][maxWidth]uint32
		var data [maxWidth][]byte
		for i := range data {
			data[i] = pool[i*blocks*blockSize:]
		}
		b.SetBytes(int64(e.width) * blocks * blockSize)
		for b.Loop() {
			e.blocks(&state, &data, blocks)
		}
	})
}
