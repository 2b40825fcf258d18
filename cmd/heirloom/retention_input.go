package main

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/heirloom-backup/heirloom/retention"
)

// readSnapshots reads a JSON array of snapshots.
func readSnapshots(r io.Reader) ([]retention.Snapshot, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	var elements []simulated
	if err := json.Unmarshal(data, &elements); err != nil {
		return nil, fmt.Errorf("they are no JSON array of times or objects: %w", err)
	}
	list := make([]retention.Snapshot, len(elements))
	for i, e := range elements {
		list[i] = retention.Snapshot(e)
	}
	return list, nil
}

// simulated is a snapshot as stdin describes it.
type simulated retention.Snapshot

// UnmarshalJSON implements json.Unmarshaler.
func (s *simulated) UnmarshalJSON(data []byte) error {
	if data[0] == '"' {
		data = fmt.Appendf(nil, `{"time":%s}`, data)
	}
	var object struct {
		Time      *time.Time
		Protected bool
		Partial   bool
		Held      bool
	}
	if err := json.Unmarshal(data, &object); err != nil || object.Time == nil {
		return fmt.Errorf("%.60s is neither a time (2026-11-22T02:00:00Z) nor an object with one as its \"time\"", data)
	}
	*s = simulated{Time: *object.Time, Protected: object.Protected || object.Held, Partial: object.Partial}
	return nil
}
