package main

import (
	"fmt"

	"github.com/heirloom-backup/heirloom/chunk"
)

// damageJSON is a range of a file, or a whole folder, that is not in the store as it was written.
type damageJSON struct {
	Path   string `json:"path"`
	Offset int64  `json:"offset"`
	Length int64  `json:"length"` // 0: a folder's list of entries
	Chunk  string `json:"chunk"`  // "" where it is not known
	Reason string `json:"reason"`
}

func newDamageJSON(path string, offset, length int64, id chunk.ID, reason string) damageJSON {
	j := damageJSON{Path: escape(path), Offset: offset, Length: length, Reason: escape(reason)}
	if !id.IsZero() {
		j.Chunk = id.String()
	}
	return j
}

// String says for people what is damaged.
func (d damageJSON) String() string {
	if d.Length == 0 {
		return fmt.Sprintf("%s: %s", printable(d.Path), d.Reason)
	}
	return fmt.Sprintf("%s: %d bytes at offset %d: %s", printable(d.Path), d.Length, d.Offset, d.Reason)
}
