package task

import (
	"context"
	"slices"
	"time"
)

func (m *memory) Prune(ctx context.Context, keep Retention, now time.Time) (Pruned, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var gone Pruned
	records, logs := 0, 0
	for _, e := range m.endedNewestFirst() {
		if ctx.Err() != nil {
			return gone, ctx.Err()
		}
		records++
		if e.log != nil && keep.DropsLog(e.record.UPID, logs+1, now) {
			gone.Logs++
			gone.Bytes += e.log.Size()
			e.log = nil
		}
		if e.log != nil {
			logs++
		}
		if keep.Drops(e.record.UPID, records, now) {
			gone.Records++
			delete(m.entries, e.record.UPID)
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
