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
	Hold        *holdJSON     `json:"hold,omitempty"`
	Pruned      *removalJSON  `json:"pruned,omitempty"`
}

func (l *snapshotListing) newSnapshotJSON(sn *datastore.Snapshot) snapshotJSON {
	j := snapshotJSON{Snapshot: addressText(sn.Address()), Namespace: escape(sn.Namespace), Kind: string(sn.Kind),
		Name: escape(sn.Name), Time: stamp(sn.Time), Mode: string(sn.Mode), Generation: sn.Generation,
		BytesSource: sn.Stats.BytesSource, Complete: sn.Complete, Job: escape(sn.Job),
		Verified: l.verified(sn), Hold: l.hold(sn), Pruned: l.removal(sn)}
	j.Held = j.Hold != nil
	if !sn.Parent.IsZero() {
		j.Parent = new(addressText(datastore.Address{Group: sn.Group, Time: sn.Parent}))
	}
	return j
}

func (p *program) snapshotsJSON(l *snapshotListing) error {
	a := jsonArray{w: p.Stdout}
	for _, sn := range l.snapshots {
		if err := a.add(l.newSnapshotJSON(sn)); err != nil {
			return err
		}
	}
	return a.finish()
}

func (p *program) writeSnapshots(l *snapshotListing) error {
	w := p.table("SNAPSHOT\tTAKEN\tSIZE\tMODE\tJOB\tGENERATION\tCOMPLETE\tVERIFIED\tHELD")
	for _, sn := range l.snapshots {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%d\t%s\t%s\t%s\n", addressText(sn.Address()), p.clock(sn.Time),
			size(sn.Stats.BytesSource), sn.Mode, printable(sn.Job), sn.Generation, yesNo(sn.Complete), p.when(l.verified(sn)),
			p.held(l.hold(sn)))
	}
	return w.Flush()
}

func (p *program) writePruned(l *snapshotListing) error {
	w := p.table("SNAPSHOT\tTAKEN\tSIZE\tREMOVED\tREASON")
	for _, sn := range l.snapshots {
		removed := l.removal(sn)
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", addressText(sn.Address()), p.clock(sn.Time), size(sn.Stats.BytesSource),
			p.clock(time.Time(removed.Time)), printable(removed.Reason))
	}
	return w.Flush()
}

func (p *program) when(v *verifiedJSON) string {
	if v == nil {
		return "never"
	}
	return string(v.Result) + " " + p.clock(time.Time(v.Time))
}

// held says why a snapshot is held, and how long.
func (p *program) held(h *holdJSON) string {
	switch {
	case h == nil:
		return "no"
	case time.Time(h.Until).IsZero():
		return printable(h.Reason)
	}
	return printable(h.Reason) + " (until " + p.clock(time.Time(h.Until)) + ")"
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
