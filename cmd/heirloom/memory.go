package main

import "runtime/debug"

// limitMemory trades a little speed for a small process, since a backup usually runs beside the work it protects. The
// live heap is small (pipeline buffers and index tables of bounded size) while garbage comes fast, so that the default
// of letting the heap double would mostly keep garbage. The limit is soft: near it the collector works harder, and
// nothing fails. Whoever sets GOGC or GOMEMLIMIT knows better.
func limitMemory(getenv func(string) string) {
	if getenv("GOGC") == "" {
		debug.SetGCPercent(50)
	}
	if getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(160 << 20)
	}
}
