package main

import (
	"fmt"
	"log/slog"

	"github.com/heirloom-backup/heirloom/datastore/verify"
)

// verifyJSON is what scripts learn of the verification of a snapshot.
type verifyJSON struct {
	Snapshot string       `json:"snapshot"`
	Result   string       `json:"result"`
	Chunks   int64        `json:"chunks"`
	Bytes    int64        `json:"bytes"`
	Seconds  float64      `json:"seconds"`
	Damage   []damageJSON `json:"damage"`
}

func newVerifyJSON(r verify.Result) verifyJSON {
	j := verifyJSON{Snapshot: addressText(r.Address), Result: string(r.Outcome), Chunks: r.Chunks, Bytes: r.Bytes,
		Seconds: r.Duration.Seconds(), Damage: make([]damageJSON, len(r.Damage))}
	for i, d := range r.Damage {
		j.Damage[i] = newDamageJSON(d.Path, d.Offset, d.Length, d.Chunk, d.Reason)
	}
	return j
}

func (p *program) reportVerify(r *verify.Report) error {
	list := make([]verifyJSON, len(r.Results))
	for i, result := range r.Results {
		list[i] = newVerifyJSON(result)
		p.logLines(slog.LevelInfo, fmt.Sprintf("%s is %s, %s", list[i].Snapshot, list[i].Result, size(list[i].Bytes)))
	}
	p.nameDamage(list, r)
	if err := p.writeVerify(list, r.Skipped); err != nil {
		return err
	}
	if !r.Clean() {
		return statusDamage
	}
	return nil
}

// nameDamage writes to stderr what is damaged in which snapshot, which objects are, and what else a person should know.
func (p *program) nameDamage(list []verifyJSON, r *verify.Report) {
	for _, n := range r.Notes {
		p.note("%s: %s", n.Path, n.Reason)
	}
	for _, j := range list {
		for _, d := range j.Damage {
			p.damage("%s: %s", j.Snapshot, d)
		}
	}
	for _, o := range r.Damaged {
		p.damage("object %s: %s", o.Object, o.Reason)
	}
	if !r.Clean() {
		p.note("next: back up the same sources, which stores again what is damaged and can still be read there, and verify " +
			"once more; restore --salvage gets back what is good")
	}
}

func (p *program) writeVerify(list []verifyJSON, skipped int64) error {
	if p.json {
		return writeJSON(p.Stdout, list)
	}
	if p.quiet {
		return nil
	}
	w := p.table("SNAPSHOT\tRESULT\tCHUNKS\tSIZE\tSECONDS")
	for _, j := range list {
		fmt.Fprintf(w, "%s\t%s\t%d\t%s\t%.1f\n", j.Snapshot, j.Result, j.Chunks, size(j.Bytes), j.Seconds)
	}
	if err := w.Flush(); err != nil || skipped == 0 {
		return err
	}
	return p.say("%s verified recently enough", count(skipped, "other snapshot was", "other snapshots were"))
}
