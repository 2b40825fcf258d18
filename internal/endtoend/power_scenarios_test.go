//go:build linux

package endtoend

import (
	"slices"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
)

// scenario is what is recorded, and what comes before.
type scenario struct {
	name             string
	before, recorded []program
}

var scenarios = []scenario{
	{"first backup", nil, []program{save}},
	{"incremental backup", []program{save, alter}, []program{save}},
	{"backup after a crash", []program{save, alter, abandon}, []program{save}},
	{"image", nil, []program{saveImage}},
	{"image again", []program{saveImage, alter}, []program{save}},
	{"several commits", nil, []program{save, alter, save, alter, save}},

	{"forget half", fourSaves, []program{forget(0, 2)}},
	{"forget once more", append(fourSaves, dies(forget(0, 2), backendtest.Delete, "snapshots/", 2)),
		[]program{forget(0, 2)}},
	{"prune", fourSaves, []program{pruneTo(2)}},
	{"prune after a crash", append(fourSaves, alter, dies(save, backendtest.Put, "snapshots/", 1), alter, save,
		dies(pruneTo(1), backendtest.Put, "ledger/", 2)),
		[]program{pruneTo(1), collect}},
	{"undelete", []program{save, alter, save, forget(0)}, []program{undelete(0)}},
	{"undelete after a crash while forgetting", append(fourSaves, dies(forget(0), backendtest.Put, "ledger/", 1)),
		[]program{undelete(0)}},
	{"hold after a crash while forgetting", append(twoSaves, dies(forget(0), backendtest.Put, "pruned/", 1)),
		[]program{hold(0)}},
	{"undelete what is condemned", []program{linger, save, alter, save, forget(0), collect, has(1, "condemned/")},
		[]program{undelete(0), leave, collect, has(0, "condemned/")}},
	{"hold and release", twoSaves,
		[]program{hold(0), hold(1), unless(forget(0), datastore.ErrHeld), release(0), forget(0)}},

	{"collect", append(fourSaves, forget(0, 1)), []program{collect}},
	{"collect with a probe", append(fourSaves, forget(0, 1)), []program{probing, collect}},
	{"collect all", append(fourSaves, forget(0, 1, 2, 3)), []program{collect}},
	{"collect what a crash left", []program{save, alter, abandon}, []program{collect}},
	{"collect after a crash while copying", interrupted(backendtest.Put, "packs/"), []program{collect}},
	{"collect after a crash before waits", interrupted(backendtest.Put, "condemned/"), []program{collect}},
	{"collect after a crash while deleting", interrupted(backendtest.Delete, "packs/"), []program{collect}},
	{"collect after a crash at the end", interrupted(backendtest.Delete, "condemned/"), []program{collect}},
	{"collect beside records that wait",
		slices.Concat([]program{linger}, fourSaves, []program{forget(0), collect, forget(1), has(1, "waits/")}),
		[]program{collect, has(2, "waits/"), leave, collect, has(0, "waits/")}},
	{"collect with many segments", slices.Concat(fourSaves, alterAndSave(6), []program{forget(1, 3, 5)}), []program{collect}},

	{"collect after healing", []program{save, spoil(false), check, save, check, says(healed)},
		[]program{collect, says(cleared)}},
	{"collect after healing and forgetting", []program{save, spoil(false), check, save, says(healed), forget(0)},
		[]program{collect, says(cleared)}},
	{"heal content", []program{save, spoil(false)}, healing},
	{"heal trees", []program{save, spoil(true)}, healing},
	{"rebuild", append(twoSaves, loseIndex), []program{rebuild, alter, save, rebuild, forget(0), collect, rebuild}},
	{"checkpoint", []program{save, alter, save, hold(0), forget(1), results(249), has(0, ".checkpoint")},
		[]program{results(2), alter, save, hold(2), has(1, ".checkpoint"), release(0), forget(0)}},
}

var (
	twoSaves  = []program{save, alter, save}
	fourSaves = slices.Clip(append([]program{save}, alterAndSave(3)...))
	healing   = []program{check, save, says(healed), collect, says(cleared)}
)

func alterAndSave(n int) (list []program) {
	for range n {
		list = append(list, alter, save)
	}
	return list
}

// interrupted is a collection that was killed after a write.
func interrupted(kind backend.Kind, prefix string) []program {
	return append(fourSaves, forget(0, 1), dies(collect, kind, prefix, 1))
}

// probing makes collections ask first what the storage is good for.
func probing(r *recording) error {
	r.collecting.Probed = false
	return nil
}
