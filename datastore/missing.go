package datastore

import (
	"context"
)

// maxRefreshes is how often the listings are read anew before a chunk counts as missing, each begun after the one
// before has ended: a copy made meanwhile by a collector is then found.
const maxRefreshes = 2

// refreshFor reads the listings anew for chunks that have no place left, and gives up on those that had their share.
func (f *fetch) refreshFor(ctx context.Context, missing []int) (again []int, err error) {
	refreshed := false
	for _, i := range missing {
		t := f.tried(i)
		if t.refreshes == maxRefreshes {
			if err := f.fn(i, nil, f.verdict(i, t)); err != nil {
				return nil, err
			}
			continue
		}
		if !refreshed {
			refreshed = true
			if err := f.store.refresh(ctx); err != nil {
				return nil, err
			}
		}
		t.refreshes++
		again = append(again, i)
	}
	return again, nil
}
