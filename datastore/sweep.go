package datastore

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// sweep deletes the packs of the records that wait for nobody, whoever put them. Records that it does not get to are
// left for a later run.
func (c *collector) sweep(ctx context.Context) error {
	waits, err := c.awaited(ctx)
	if err != nil {
		return err
	}
	ripe := c.ripe(ctx, waits)
	if len(ripe) == 0 {
		return nil
	}
	if _, err := c.mark(ctx, false); err != nil { // anew: a snapshot may have come to need what was condemned
		return err
	}
	now, err := c.store.relist(ctx) // condemned records, and then packs
	if err != nil {
		return err
	}
	if now.flaw != nil {
		return now.flaw
	}
	if err := c.areGone(ctx, ripe, now); err != nil {
		return err
	}
	stuck, err := c.copyOut(ctx, c.sweeping(ripe, now))
	if err != nil {
		return c.leave(err)
	}
	if c.report.ChunksRemoved, err = c.counted.dropped(); err != nil {
		return err
	}
	for _, record := range ripe {
		if err := c.remove(ctx, record, now, stuck); err != nil {
			return err
		}
	}
	return nil
}

// leave leaves to a later run what another collection is just about.
func (c *collector) leave(err error) error {
	if errors.Is(err, errMoved) {
		c.report.Notes = append(c.report.Notes, err.Error()+"; what is left is for a later run")
		return nil
	}
	return err
}

// ripe returns the records that wait for no session, and reports the others.
func (c *collector) ripe(ctx context.Context, waits map[string][]string) []string {
	var ripe []string
	waiting := map[string]bool{}
	for _, record := range slices.Sorted(maps.Keys(waits)) {
		sessions := waits[record]
		if len(sessions) == 0 {
			ripe = append(ripe, record)
			continue
		}
		for _, id := range c.survey.listing.records[record] {
			c.report.BytesPending += c.store.catalog.known(id).size
		}
		for _, id := range sessions {
			if !waiting[id] {
				waiting[id] = true
				c.report.Waiting = append(c.report.Waiting, c.store.waitingFor(ctx, id))
			}
		}
	}
	return ripe
}

// areGone makes sure of the packs that a listing does not show any more: their record goes when they are all gone, and
// whoever sees no record relies on what he sees.
func (c *collector) areGone(ctx context.Context, ripe []string, now listing) error {
	for _, record := range ripe {
		for _, id := range c.survey.listing.records[record] {
			if _, listed := now.packs[id]; listed {
				continue
			}
			there, err := c.store.exists(ctx, packObject(id))
			if err != nil {
				return err
			}
			if there {
				return fmt.Errorf("%w: pack %s is there and was not listed", ErrListing, id)
			}
		}
	}
	return nil
}

// sweeping returns the roles of packs when those of the ripe records are deleted. Only what the listing of now shows as
// there, and not condemned by anybody, holds copies that count.
func (c *collector) sweeping(ripe []string, now listing) []role {
	_, packs := c.store.catalog.copy()
	roles := make([]role, len(packs))
	for n := range packs {
		p := &packs[n]
		if _, listed := now.packs[p.name]; listed && !now.condemned[p.name] && !p.damaged {
			roles[n] = stays
		}
	}
	for _, record := range ripe {
		for _, id := range c.survey.listing.records[record] {
			if _, listed := now.packs[id]; listed {
				roles[c.store.catalog.known(id).number] = leaves
			}
		}
	}
	return roles
}

// remove deletes the packs of a record, and when each of them is gone the record: it goes last, always.
func (c *collector) remove(ctx context.Context, record string, now listing, stuck map[string]bool) error {
	packs := c.survey.listing.records[record]
	going := slices.DeleteFunc(slices.Clone(packs), func(id string) bool {
		_, listed := now.packs[id]
		return !listed || stuck[id]
	})
	err := eachOf(ctx, going, func(ctx context.Context, id string) error {
		return c.store.backend.Delete(ctx, packObject(id))
	})
	if err != nil {
		return err
	}
	c.store.catalog.unlist(going)
	for _, id := range going {
		c.report.PacksRemoved++
		c.report.BytesRemoved += now.packs[id]
	}
	stay := slices.DeleteFunc(slices.Clone(packs), func(id string) bool { return !stuck[id] })
	if c.report.Stuck = append(c.report.Stuck, stay...); len(stay) > 0 {
		return nil
	}
	if err := c.store.backend.Delete(ctx, record); err != nil {
		return err
	}
	return c.store.backend.Delete(ctx, waitsName(record))
}
