package dirstore

import (
	"os"

	"github.com/heirloom-backup/heirloom/internal/direct"
)

const pastFrom = 1 << 20 // bytes from which on an object is written past the page cache

// writePast writes the beginning of p past the page cache, where the file system allows it, and returns how much that was.
// An object is not read soon after it was written, and what goes through the cache is copied, and drives out what other
// programs need. What could not be written this way is written through the cache, and its error is the one that counts.
func writePast(f *os.File, p []byte) int {
	if len(p) < pastFrom || direct.Set(int(f.Fd()), true) != nil {
		return 0
	}
	n, _ := f.Write(p[:len(p)/direct.Alignment*direct.Alignment])
	_ = direct.Set(int(f.Fd()), false) // should it fail, the rest is refused, and so is the object
	return n
}
