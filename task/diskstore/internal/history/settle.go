package history

import (
	"slices"
	"time"

	"github.com/dgraph-io/badger/v4"
)

// patience is how long closing waits for badger to merge tables.
const patience = 20 * time.Second

// settle gives badger the time to merge tables, if there is much to merge. It does so in the background, and only when
// it has been open for a while; a database that is opened briefly and often would become one great pile.
func settle(b *badger.DB) {
	if !overfull(b) {
		return
	}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	end := time.NewTimer(patience)
	defer end.Stop()
	for overfull(b) {
		select {
		case <-tick.C:
		case <-end.C:
			return
		}
	}
}

// overfull tells whether a level is clearly larger than it should be. The top one is left to be merged by Close.
func overfull(b *badger.DB) bool {
	return slices.ContainsFunc(b.Levels(), func(l badger.LevelInfo) bool {
		return l.Level > 0 && l.Level < lastLevel && l.Size > 2*l.TargetSize
	})
}

const lastLevel = 6
