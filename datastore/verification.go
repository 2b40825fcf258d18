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
	Damage   []ChunkState // damaged chunks; at most 1000 are recorded
	Job      string
}

const maxRecordedDamage = 1000

// RecordVerifications writes results to the ledger, in one record.
func (s *Store) RecordVerifications(ctx context.Context, list []Verification) error {
	if len(list) == 0 {
		return nil
	}
	rec := record{Type: recordVerify}
	for _, v := range list {
		damage := v.Damage[:min(len(v.Damage), maxRecordedDamage)]
		rec.Results = append(rec.Results, verification{refOf(v.Snapshot), v.Outcome, v.Chunks, v.Bytes, damage, v.Job})
	}
	_, err := s.record(ctx, rec)
	return err
}
