package main

import (
	"fmt"
	"log/slog"
	"time"

	"github.com/heirloom-backup/heirloom/datastore/prune"
)

func (p *program) reportPrune(r *pruneRun, maxRemove float64) error {
	warnings := r.warnings(maxRemove)
	p.warn(warnings, int64(len(warnings)))
	p.logRemoved(r)
	for _, d := range r.plan.Problems {
		p.damage("%s: %s", d.Object, d.Error)
	}
	var err error
	if p.json {
		err = writeJSON(p.Stdout, newPruneJSON(r, warnings))
	} else {
		err = p.writePrune(r)
	}
	switch {
	case err != nil:
		return err
	case len(r.plan.Problems) > 0:
		return statusDamage
	case len(warnings) > 0:
		return statusWarnings
	}
	return nil
}

// logRemoved names in the log of the task what was removed.
func (p *program) logRemoved(r *pruneRun) {
	if r.result == nil {
		return
	}
	for _, a := range r.result.Removed {
		p.logLines(slog.LevelInfo, "removed "+addressText(a))
	}
}

func (p *program) writePrune(r *pruneRun) error {
	if p.quiet && r.result != nil {
		return nil
	}
	for i := range r.plan.Series {
		if err := p.writeSeries(&r.plan.Series[i], r.plan.Zone); err != nil {
			return err
		}
	}
	kept, removed := r.plan.Counts()
	all := count(int64(kept+removed), "snapshot", "snapshots")
	if r.result == nil {
		f := r.foreseen
		next := freed("a gc after that would free", f.PacksRemoved, f.ChunksRemoved, f.BytesRemoved, f.BytesCopied)
		_, err := fmt.Fprintf(p.Stdout, "would remove %d of %s; %s\n", removed, all, next)
		return err
	}
	next := ""
	if len(r.result.Removed) > 0 {
		next = "; free their space with: heirloom gc"
	}
	return p.say("removed %d of %s%s", len(r.result.Removed), all, next)
}

func (p *program) writeSeries(s *prune.Series, zone string) error {
	location, err := time.LoadLocation(zone)
	if err != nil {
		return err
	}
	fmt.Fprintln(p.Stdout, printable(s.String()))
	w := p.table("  TIME\tPLAN\tWHY")
	for _, d := range s.Decisions {
		verb := "remove"
		if d.Keep {
			verb = "keep"
		}
		fmt.Fprintf(w, "  %s\t%s\t%s\n", d.Time.In(location).Format("Mon 2006-01-02 15:04 MST"), verb, printable(d.Why))
	}
	fmt.Fprintln(w)
	return w.Flush()
}
