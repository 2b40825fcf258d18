//go:build !amd64

package lanes

// vectorEngines returns none. Nearly all CPUs for arm64 have SHA-256 instructions, which crypto/sha256 uses.
func vectorEngines() []*Engine { return nil }
