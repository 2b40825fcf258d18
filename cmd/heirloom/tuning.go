package main

import (
	"runtime"
	"runtime/debug"
)

// tuneRuntime prepares Go's runtime for this kind of work and returns how many goroutines may compute at a time. Whoever
// sets GOGC, GOMEMLIMIT or GOMAXPROCS knows better.
func tuneRuntime(getenv func(string) string) (workers int) {
	limitMemory(getenv)
	return addProcessors(getenv)
}

// limitMemory trades a little speed for a small process, since a backup usually runs beside the work it protects. The
// live heap is small (pipeline buffers and index tables of bounded size) while garbage comes fast, so that the default
// of letting the heap double would mostly keep garbage. The limit is soft: near it the collector works harder, and
// nothing fails.
func limitMemory(getenv func(string) string) {
	if getenv("GOGC") == "" {
		debug.SetGCPercent(50)
	}
	if getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(140 << 20)
	}
}

// ioProcessors are for the goroutines that read and write files.
const ioProcessors = 8

// addProcessors lets the kernel decide who runs. With one of Go's processors for each CPU, a goroutine whose read is
// done waits until a compressing one gives way, up to 10 ms, as often as it reads a file. Threads that have waited for
// a disk are preferred by the kernel, and a compressing one is made to wait instead, which costs it nothing.
func addProcessors(getenv func(string) string) (workers int) {
	workers = runtime.GOMAXPROCS(0)
	if getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(workers + ioProcessors)
	}
	return workers
}
