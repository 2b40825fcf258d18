package datastore

import (
	"context"
)

// Verification is the result of verifying one snapshot, to be recorded.
type Verification struct {
	Snapshot *Snapshot
	Outcome  Outcome
	Chunks   int64
	Bytes    int64
	Damage   []ChunkState // damaged chunks; 10,000 in one call are recorded
	Job      string
}

// maxRecordedDamage is how many damaged chunks one record names, so that it stays a document of reasonable size.
const maxRecordedDamage = 10_000

// RecordVerifications writes results to the ledger, in one record.
func (s *Store) RecordVerifications(ctx context.Context, list []Verification) error {
	if len(list) == 0 {
		return nil
	}
	rec := record{Type: recordVerify}
	room := maxRecordedDamage
	for _, v := range list {
		damage := v.Damage[:min(len(v.Damage), room)]
		room -= len(damage)
		rec.Results = append(rec.Results, verification{refOf(v.Snapshot), v.Outcome, v.Chunks, v.Bytes, damage, v.Job})
	}
	_, _, err := s.record(ctx, rec)
	return err
}
