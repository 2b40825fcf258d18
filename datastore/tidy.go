package datastore

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/backend"
)

// tidy removes what is of no use to anybody any more. Nothing rests on any of it.
func (c *collector) tidy(ctx context.Context) error {
	for _, stage := range []func(context.Context) error{c.dropBeats, c.dropWaits, c.dropWords, c.dropCopies, c.joinSegments} {
		if err := stage(ctx); err != nil {
			return err
		}
	}
	return nil
}

// dropBeats removes beats without a session. Beats are listed first: a session that begins meanwhile has none among them.
func (c *collector) dropBeats(ctx context.Context) error {
	beats, err := c.store.beats(ctx)
	if err != nil || len(beats) == 0 {
		return err
	}
	alive, err := c.store.Sessions(ctx)
	if err != nil {
		return err
	}
	var litter []string
	for _, id := range slices.Sorted(maps.Keys(beats)) {
		if !alive[id] {
			litter = append(litter, beats[id]...)
		}
	}
	return eachOf(ctx, litter, c.store.backend.Delete)
}

// dropWaits removes what a collection has left that ended between a record and its waits.
func (c *collector) dropWaits(ctx context.Context) error {
	waits, err := backend.Names(ctx, c.store.backend, waitsPrefix)
	if err != nil || len(waits) == 0 {
		return err
	}
	records, err := backend.Names(ctx, c.store.backend, condemnedPrefix)
	if err != nil {
		return err
	}
	needed := map[string]bool{}
	for _, record := range records {
		needed[waitsName(record)] = true
	}
	for _, name := range waits {
		if !needed[name] {
			if err := c.store.backend.Delete(ctx, name); err != nil {
				return err
			}
		}
	}
	return nil
}

// dropWords removes what probes and removals have left that were killed. What is under way is left alone.
func (c *collector) dropWords(ctx context.Context) error {
	names, err := backend.Names(ctx, c.store.backend, probePrefix)
	if err != nil {
		return err
	}
	removals, err := backend.Names(ctx, c.store.backend, removalPrefix)
	if err != nil {
		return err
	}
	names = append(names, removals...)
	seen := map[string]string{}
	for _, name := range names {
		seen[name] = ""
	}
	still := c.store.words.still(seen, c.store.now())
	litter := slices.DeleteFunc(names, func(name string) bool {
		sure := c.o.FenceAll && !strings.HasPrefix(name, probePrefix) // another collection may be asking just now
		return !sure && still[name] < c.o.FenceAfter
	})
	return eachOf(ctx, litter, c.store.backend.Delete)
}

// dropCopies removes the copies of manifests whose snapshots cannot be brought back any more.
func (c *collector) dropCopies(ctx context.Context) error {
	copies, err := backend.Names(ctx, c.store.backend, prunedPrefix)
	if err != nil || len(copies) == 0 {
		return err
	}
	w := &wholeness{collector: c, known: map[chunk.ID]bool{}}
	for _, object := range copies {
		useless, err := w.useless(ctx, object)
		if err != nil {
			return err
		}
		if useless {
			if err := c.store.backend.Delete(ctx, object); err != nil {
				return err
			}
		}
	}
	return nil
}
