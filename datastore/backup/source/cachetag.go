package source

import (
	"io"
	"slices"
)

// The mark of a folder whose content can be made again, as https://bford.info/cachedir/ defines it.
const (
	cacheTag       = "CACHEDIR.TAG"
	cacheSignature = "Signature: 8a477f597d28d172789f06886806bc55"
)

// isCache says whether one of the folder's names is a valid cache tag. A tag that cannot be read is none: it is better
// to save too much.
func (d *localDir) isCache(sorted []string) bool {
	if _, found := slices.BinarySearch(sorted, cacheTag); !found {
		return false
	}
	f, err := d.handle.file(cacheTag, d.path)
	if err != nil {
		return false
	}
	defer f.Close()
	start := make([]byte, len(cacheSignature))
	_, err = io.ReadFull(f, start)
	return err == nil && string(start) == cacheSignature
}
