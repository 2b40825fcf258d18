package restore

import (
	"fmt"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore"
)

// MaxListed is the number of warnings, and of damaged ranges, that a Result lists; it counts all.
const MaxListed = 10_000

// Result is what a restore did.
type Result struct {
	Counters
	Warnings     []datastore.Warning // what could not be restored as it was, the first MaxListed
	WarningCount int64
	Damage       []Damage // with Options.Salvage: what is missing from the restored data, by path; at most MaxListed
	DamageCount  int64    // not zero: the restored data is not all of the snapshot's
}

// Damage is a range of a file, or a folder, that cannot be had from the store. Paths are slash-separated, relative to
// the snapshot's root, and hold names as they are: see Escape.
type Damage struct {
	Path   string           `json:"path"`
	Offset int64            `json:"offset"` // bytes
	Length int64            `json:"length"` // bytes; 0 for a folder, of which all or some entries are missing
	Chunk  chunk.ID         `json:"chunk,omitzero"`
	Reason datastore.Damage `json:"reason"`
	Detail string           `json:"detail,omitempty"`
}

// DamageError says that something cannot be restored because it is damaged in the store. It wraps the cause.
type DamageError struct {
	Damage
	Err error
}

func (e *DamageError) Error() string {
	what := "the folder"
	if e.Length > 0 {
		what = fmt.Sprintf("%d bytes at offset %d", e.Length, e.Offset)
	}
	return fmt.Sprintf("%q: %s cannot be had: %v (what is good can still be restored: salvage)", e.Path, what, e.Err)
}

func (e *DamageError) Unwrap() error { return e.Err }
