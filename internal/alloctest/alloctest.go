// Package alloctest measures what a function allocates, for tests that bound what hostile bytes may cost.
package alloctest

import (
	"math"
	"runtime"
)

// Tries is how often a function is called: the counters are the whole process's, and what the runtime or a goroutine that
// an earlier test left behind allocates is in them too, in one call or another but not in all. A function that can do its
// work only once is given so many things to do it with.
const Tries = 5

// Bytes returns the bytes that fn allocates: the least of Tries calls.
func Bytes(fn func()) uint64 {
	bytes, _ := least(fn)
	return bytes
}

// Count returns how often fn allocates: the least of Tries calls.
func Count(fn func()) uint64 {
	_, count := least(fn)
	return count
}

func least(fn func()) (bytes, count uint64) {
	bytes, count = math.MaxUint64, math.MaxUint64
	for range Tries {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		fn()
		runtime.ReadMemStats(&after)
		bytes = min(bytes, after.TotalAlloc-before.TotalAlloc)
		count = min(count, after.Mallocs-before.Mallocs)
	}
	return bytes, count
}
