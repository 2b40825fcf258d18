package main

import (
	"time"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/restore"
)

// restoreJSON is what scripts learn of a restore.
type restoreJSON struct {
	Snapshot string        `json:"snapshot"`
	Dest     string        `json:"dest"`
	Files    int64         `json:"files"`
	Dirs     int64         `json:"dirs"`
	Others   int64         `json:"others"` // symlinks, FIFOs, sockets, devices
	Bytes    int64         `json:"bytes"`  // written; holes are not
	Seconds  float64       `json:"seconds"`
	Warnings []warningJSON `json:"warnings"`
	Damage   []damageJSON  `json:"damage"` // what --salvage could not get
}

func newRestoreJSON(sn *datastore.Snapshot, dest string, r *restore.Result, elapsed time.Duration) restoreJSON {
	j := restoreJSON{Snapshot: addressText(sn.Address()), Dest: escape(dest), Files: r.Files, Dirs: r.Dirs, Others: r.Others,
		Bytes: r.Bytes, Seconds: elapsed.Seconds(), Warnings: warningsJSON(r.Warnings), Damage: make([]damageJSON, len(r.Damage))}
	for i, d := range r.Damage {
		j.Damage[i] = newDamageJSON(d.Path, d.Offset, d.Length, d.Chunk, string(d.Reason))
	}
	return j
}
