//go:build linux

package endtoend

import (
	"slices"
	"testing"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
)

// TestPowerLossWithSeveralAtWork records programs that work at the same store at the same time. How their writes fall
// together is a matter of luck.
func TestPowerLossWithSeveralAtWork(t *testing.T) {
	for _, sc := range []scenario{
		{"backup and collect", halfNeeded, []program{together(save, collect)}},
		{"backup and collect that fences", halfNeeded, []program{fencing, together(save, collect)}},
		{"backup of what was removed and collect", []program{save, forget(0), polite}, []program{together(save, collect)}},
		{"backups and collections", append(halfNeeded, abandon),
			[]program{together(save, saveAs("other"), collect, collect)}},
		{"backups of one group", []program{save, alter}, []program{together(save, save)}},
		{"forget and collect", append(fourSaves, forget(0), polite), []program{together(forget(1, 2), collect)}},
		{"forget and backup", append(twoSaves, alter), []program{together(forget(0, 1), save)}},
		{"forget and hold", twoSaves, []program{
			together(unless(forget(0), datastore.ErrHeld), unless(hold(0), datastore.ErrNoSnapshot))}},
		{"undelete and collect", halfNeeded, []program{together(unless(undelete(0), datastore.ErrTooLate,
			datastore.ErrNoSnapshot), collect)}},
		{"collect what another has condemned, twice",
			append(halfNeeded, dies(collect, backendtest.Put, "condemned/", 1), alter), []program{together(save, collect, collect)}},
		{"rebuild and collect", halfNeeded, []program{together(rebuild, collect, check)}},
	} {
		t.Run(sc.name, func(t *testing.T) {
			for range sampled(1, 5) {
				sc.judge(t)
			}
		})
	}
}

// halfNeeded has packs that nothing needs, and others of which half is.
var halfNeeded = slices.Clip(slices.Concat(fourSaves, []program{forget(0, 1), alter, polite}))

// polite makes collections wait for sessions.
func polite(r *recording) error {
	r.collecting.FenceAll = false
	return nil
}

// fencing makes them take every session they see for dead.
func fencing(r *recording) error {
	r.collecting.FenceAll = true
	return nil
}
