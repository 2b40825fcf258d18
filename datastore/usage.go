package datastore

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/internal/index"
)

// Usage is what a store takes and holds. Sizes are bytes.
type Usage struct {
	BytesUsed   int64 // of all objects
	BytesPacked int64 // of packs
	BytesUnique int64 // of all chunks, each counted once, before compression
	BytesSource int64 // logical size of all snapshots
	Chunks      int64 // each counted once
	Packs       int64
	Snapshots   int64
	Unreadable  int64 // snapshots whose manifests are damaged: BytesSource is without them
	Free        int64 // what can still be stored; -1 if the storage cannot tell
}

// DedupRatio says how many times its size in chunks the store holds; 0 for an empty store.
func (u Usage) DedupRatio() float64 { return ratio(u.BytesSource, u.BytesUnique) }

// CompressionRatio says how many bytes of chunks one stored byte holds; 0 for an empty store.
func (u Usage) CompressionRatio() float64 { return ratio(u.BytesUnique, u.BytesPacked) }

func ratio(a, b int64) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// Usage adds up the store. It lists every object and reads every manifest, but no pack.
func (s *Store) Usage(ctx context.Context) (Usage, error) {
	u := Usage{Free: -1}
	if err := s.refresh(ctx); err != nil {
		return u, err
	}
	for info, err := range s.backend.List(ctx, "") {
		if err != nil {
			return u, fmt.Errorf("list objects: %w", err)
		}
		u.BytesUsed += info.Size
		if strings.HasPrefix(info.Name, packPrefix) {
			u.Packs++
			u.BytesPacked += info.Size
		}
	}
	for sn, err := range s.Snapshots(ctx, Filter{}) {
		if errors.As(err, new(*ManifestError)) {
			u.Unreadable++
			continue
		}
		if err != nil {
			return u, err
		}
		u.Snapshots++
		u.BytesSource += sn.Stats.BytesSource
	}
	if err := s.catalog.count(&u); err != nil {
		return u, err
	}
	if free, ok, err := backend.Free(ctx, s.backend); err != nil {
		return u, fmt.Errorf("ask for free space: %w", err)
	} else if ok {
		u.Free = free
	}
	return u, nil
}

// count counts the chunks in listed packs, each ID once.
func (c *catalog) count(u *Usage) error {
	c.mu.RLock()
	defer c.mu.RUnlock()
	var last chunk.ID
	for e, err := range index.All(plain(c.tables)) {
		if err != nil {
			return err
		}
		if e.ID != last && c.packs[c.tables[e.Table].packs[e.Pack]].listed {
			last = e.ID
			u.Chunks++
			u.BytesUnique += int64(e.Length)
		}
	}
	return nil
}
