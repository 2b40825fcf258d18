package task

import (
	"context"
	"fmt"
	"slices"
	"time"
)

func (m *memory) Prune(ctx context.Context, keep Retention, now time.Time) (Pruned, error) {
	if err := ctx.Err(); err != nil {
		return Pruned{}, fmt.Errorf("prune tasks: %w", err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	var gone Pruned
	records, logs := 0, 0
	for _, e := range m.endedNewestFirst() {
		if ctx.Err() != nil {
			return gone, ctx.Err()
		}
		records++
		made := e.record.UPID.Time()
		goes := keep.Drops(made, records, now)
		if goes {
			gone.Records++
			delete(m.entries, e.record.UPID)
		}
		switch {
		case e.log == nil || e.log.Size() == 0:
		case goes || keep.DropsLog(made, logs+1, now):
			gone.Logs++
			gone.Bytes += e.log.Size()
			e.log = nil
		default:
			logs++
		}
	}
	return gone, nil
}

func (m *memory) endedNewestFirst() []*entry {
	var found []*entry
	for _, e := range m.entries {
		if e.record.State.Final() {
			found = append(found, e)
		}
	}
	slices.SortFunc(found, func(a, b *entry) int { return b.record.UPID.Compare(a.record.UPID) })
	return found
}
