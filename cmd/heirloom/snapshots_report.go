package main

import (
	"fmt"
	"time"

	"github.com/heirloom-backup/heirloom/datastore"
)

// snapshotJSON is what scripts learn of a snapshot.
type snapshotJSON struct {
	Snapshot    string        `json:"snapshot"`
	Namespace   string        `json:"namespace"`
	Kind        string        `json:"kind"`
	Name        string        `json:"name"`
	Time        stamp         `json:"time"`
	Mode        string        `json:"mode"`
	Parent      *string       `json:"parent"`
	Generation  int           `json:"generation"`
	BytesSource int64         `json:"bytes_source"`
	Complete    bool          `json:"complete"`
	Held        bool          `json:"held"`
	Job         string        `json:"job"`
	Verified    *verifiedJSON `json:"verified,omitempty"`
}

func newSnapshotJSON(sn *datastore.Snapshot, verified *verifiedJSON) snapshotJSON {
	j := snapshotJSON{Snapshot: addressText(sn.Address()), Namespace: escape(sn.Namespace), Kind: string(sn.Kind),
		Name: escape(sn.Name), Time: stamp(sn.Time), Mode: string(sn.Mode), Generation: sn.Generation,
		BytesSource: sn.Stats.BytesSource, Complete: sn.Complete, Job: escape(sn.Job), Verified: verified}
	if !sn.Parent.IsZero() {
		j.Parent = new(addressText(datastore.Address{Group: sn.Group, Time: sn.Parent}))
	}
	return j
}

func (p *program) listSnapshots(list []*datastore.Snapshot, verified func(*datastore.Snapshot) *verifiedJSON) error {
	if p.json {
		a := jsonArray{w: p.Stdout}
		for _, sn := range list {
			if err := a.add(newSnapshotJSON(sn, verified(sn))); err != nil {
				return err
			}
		}
		return a.finish()
	}
	w := p.table("SNAPSHOT\tTAKEN\tSIZE\tMODE\tJOB\tGENERATION\tCOMPLETE\tVERIFIED")
	for _, sn := range list {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%d\t%s\t%s\n", addressText(sn.Address()), p.clock(sn.Time),
			size(sn.Stats.BytesSource), sn.Mode, printable(sn.Job), sn.Generation, yesNo(sn.Complete), p.when(verified(sn)))
	}
	return w.Flush()
}

func (p *program) when(v *verifiedJSON) string {
	if v == nil {
		return "never"
	}
	return string(v.Result) + " " + p.clock(time.Time(v.Time))
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
