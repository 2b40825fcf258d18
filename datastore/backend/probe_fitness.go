package backend

import (
	"errors"
	"fmt"
	"strings"
)

// ErrUnfit says that a storage does not keep what a store needs of it.
var ErrUnfit = errors.New("storage is not fit")

// Fitness is what a probe found.
type Fitness struct {
	Findings []Finding // in the order they were made
}

// Finding is the answer to one question. A question that could not be asked for what was found before is left out.
type Finding struct {
	Name   string  // what was asked, such as "list after put"
	OK     bool    // the storage does as it should
	Detail string  // what it did instead; empty if OK
	Needed Purpose // what cannot be trusted if not OK
}

// Purpose is what a store is used for.
type Purpose string

// Purposes. What backups need is needed for collection as well.
const (
	ForBackup     Purpose = "backup"     // and restore
	ForCollection Purpose = "collection" // of what no snapshot needs any more
)

// Collectable returns nil if nothing was found that speaks against deleting from this storage. Otherwise the error wraps
// ErrUnfit, and says what was found and what follows from it.
func (f *Fitness) Collectable() error {
	consequence := "backups and restores stay safe, collection is refused"
	var flaws []string
	for _, finding := range f.Findings {
		if finding.OK {
			continue
		}
		flaws = append(flaws, fmt.Sprintf("%s: %s", finding.Name, finding.Detail))
		if finding.Needed == ForBackup {
			consequence = "backups are not safe here, and collection is refused"
		}
	}
	if len(flaws) == 0 {
		return nil
	}
	return fmt.Errorf("%w (%s): %s", ErrUnfit, strings.Join(flaws, "; "), consequence)
}
