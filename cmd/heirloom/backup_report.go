package main

import (
	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backup"
)

// backupJSON is what scripts learn of a backup.
type backupJSON struct {
	Snapshot         *string       `json:"snapshot"` // null after a dry run
	Complete         bool          `json:"complete"`
	Mode             string        `json:"mode"`
	Parent           *string       `json:"parent"`
	Files            int64         `json:"files"`
	Dirs             int64         `json:"dirs"`
	BytesSource      int64         `json:"bytes_source"`
	BytesRead        int64         `json:"bytes_read"`
	BytesNew         int64         `json:"bytes_new"`
	BytesStored      int64         `json:"bytes_stored"`
	Chunks           int64         `json:"chunks"`
	ChunksNew        int64         `json:"chunks_new"`
	DedupHitRate     *float64      `json:"dedup_hit_rate"`    // of the chunks referred to, those the store had; 0 to 1
	CompressionRatio *float64      `json:"compression_ratio"` // new bytes for each byte stored; null if nothing was new
	Seconds          float64       `json:"seconds"`
	Warnings         []warningJSON `json:"warnings"`
}

func newBackupJSON(r *backup.Result) backupJSON {
	s := r.Stats
	j := backupJSON{Snapshot: addressJSON(r.Snapshot), Complete: r.Complete, Mode: string(r.Mode), Parent: addressJSON(r.Parent),
		Files: s.Files, Dirs: s.Dirs, BytesSource: s.BytesSource, BytesRead: s.BytesRead,
		BytesNew: s.BytesNew, BytesStored: s.BytesStored, Chunks: s.Chunks, ChunksNew: s.ChunksNew,
		DedupHitRate: ratio(s.Chunks-s.ChunksNew, s.Chunks), Seconds: r.Duration.Seconds(), Warnings: warningsJSON(r.Warnings)}
	if s.BytesNew > 0 {
		j.CompressionRatio = ratio(s.BytesNew, s.BytesStored)
	}
	return j
}

// addressJSON returns the address of a snapshot, nil for none.
func addressJSON(sn *datastore.Snapshot) *string {
	if sn == nil {
		return nil
	}
	return new(addressText(sn.Address()))
}

func (p *program) reportBackup(r *backup.Result) error {
	p.warn(r.Warnings, r.Skipped)
	if err := p.writeBackup(r); err != nil {
		return err
	}
	if !r.Complete || r.Skipped > 0 {
		return statusWarnings
	}
	return nil
}

func (p *program) writeBackup(r *backup.Result) error {
	if err := p.sayBackup(r); err != nil || !p.json {
		return err
	}
	return writeJSON(p.Stdout, newBackupJSON(r))
}

func (p *program) sayBackup(r *backup.Result) error {
	s := r.Stats
	what := "dry run: nothing was stored"
	if r.Snapshot != nil {
		what = addressText(r.Snapshot.Address())
	}
	on := "no parent"
	if r.Parent != nil {
		on = "parent of " + p.clock(r.Parent.Time)
	}
	return p.say("%s\n%s, %s; %s, %s in %s\nsource %s, read %s, new %s, stored %s", what, r.Mode, on,
		count(s.Files, "file", "files"), count(s.Dirs, "folder", "folders"), took(r.Duration),
		size(s.BytesSource), size(s.BytesRead), size(s.BytesNew), size(s.BytesStored))
}
