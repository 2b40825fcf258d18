package datastore

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

// sighting is the last sign of life of something and when it was first seen, by this process's clock.
type sighting struct {
	Beat string    `json:"beat"`
	Seen time.Time `json:"seen"`
}

// sightings remember when things, such as sessions, last gave a sign of life. They are kept in the cache, so that one
// collection can see that nothing has happened since the one before.
type sightings struct {
	mu   sync.Mutex
	path string // "": in memory only
	last map[string]sighting
}

// still returns for how long each thing has stood still, given its last sign of life; it forgets those not named.
func (g *sightings) still(beats map[string]string, now time.Time) map[string]time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.last == nil {
		g.load()
	}
	next := map[string]sighting{}
	still := map[string]time.Duration{}
	for id, beat := range beats {
		seen, ok := g.last[id]
		if !ok || seen.Beat != beat || seen.Seen.After(now) {
			seen = sighting{beat, now}
		}
		next[id] = seen
		still[id] = now.Sub(seen.Seen)
	}
	if !maps.Equal(next, g.last) {
		g.last = next
		g.save()
	}
	return still
}

// load reads what an earlier process saw. A file that cannot be read is as good as none.
func (g *sightings) load() {
	g.last = map[string]sighting{}
	if g.path == "" {
		return
	}
	if data, err := os.ReadFile(g.path); err == nil && json.Unmarshal(data, &g.last) != nil {
		g.last = map[string]sighting{}
	}
}

func (g *sightings) save() {
	data, err := json.Marshal(g.last)
	if g.path == "" || err != nil {
		return
	}
	temp := g.path + "." + newID()
	if os.WriteFile(temp, data, 0o600) != nil || os.Rename(temp, g.path) != nil {
		_ = os.Remove(temp)
	}
}

func sightingsPath(cacheDir, storeID, what string) string {
	if cacheDir == "" {
		return ""
	}
	return filepath.Join(cacheDir, storeID, what+".json")
}

// fenceDead takes the sessions away that have shown no sign of life for long. Nothing rests on the clock: a writer that
// lives all the same notices, and goes on under another session.
func (c *collector) fenceDead(ctx context.Context) error {
	if len(c.survey.sessions) == 0 {
		return nil
	}
	beats, err := c.store.beats(ctx)
	if err != nil {
		return err
	}
	last := map[string]string{}
	for id := range c.survey.sessions {
		last[id] = strings.Join(slices.Sorted(slices.Values(beats[id])), " ") // whatever comes or goes is a sign of life
	}
	still := c.store.sightings.still(last, c.store.now())
	for _, id := range slices.Sorted(maps.Keys(last)) {
		if !c.o.FenceAll && still[id] < c.o.FenceAfter {
			continue
		}
		if err := c.fence(ctx, id, beats[id]); err != nil {
			return err
		}
	}
	return nil
}

func (c *collector) fence(ctx context.Context, id string, beats []string) error {
	for _, name := range append([]string{sessionPrefix + id}, beats...) {
		if err := c.store.backend.Delete(ctx, name); err != nil {
			return fmt.Errorf("fence session %s: %w", id, err)
		}
	}
	delete(c.survey.sessions, id)
	c.report.Fenced = append(c.report.Fenced, id)
	return nil
}

// beats returns the names of all beats, by session.
func (s *Store) beats(ctx context.Context) (map[string][]string, error) {
	names, err := backend.Names(ctx, s.backend, beatPrefix)
	if err != nil {
		return nil, fmt.Errorf("list beats: %w", err)
	}
	bySession := map[string][]string{}
	for _, name := range names {
		id, _, _ := strings.Cut(strings.TrimPrefix(name, beatPrefix), "-")
		bySession[id] = append(bySession[id], name)
	}
	return bySession, nil
}
