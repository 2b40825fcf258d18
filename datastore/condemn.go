package datastore

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/internal/document"
)

// waitsDoc is the payload of waits/<id>: the sessions that were open when the record was put.
type waitsDoc struct {
	Format   int      `json:"format"`
	Sessions []string `json:"sessions"`
}

// maxCondemned is how many packs one record names.
const maxCondemned = 10_000

// condemn copies what is needed of the plan's packs, so that writers find the copies, and then says that the packs are
// going to be deleted. It is safe for any packs at any time: being right only saves copying.
func (c *collector) condemn(ctx context.Context, plan *CollectionPlan) error {
	packs := plan.packs()
	if len(packs) == 0 {
		return nil
	}
	stuck, err := c.copyOut(ctx, c.leaving(packs))
	if err != nil {
		return c.leave(err)
	}
	packs = slices.DeleteFunc(packs, func(name string) bool { return stuck[name] })
	for ids := range slices.Chunk(packs, maxCondemned) {
		name := condemnedPrefix + newID()
		if _, err := c.store.putDoc(ctx, name, condemnation{document.Format, ids}); err != nil {
			return err
		}
		c.survey.listing.records[name] = ids
	}
	return nil
}

// leaving returns the roles of packs if those named were deleted.
func (c *collector) leaving(packs []string) []role {
	roles := make([]role, len(c.survey.packs))
	for n := range c.survey.packs {
		if p := &c.survey.packs[n]; p.listed && !p.condemned && !p.damaged {
			roles[n] = stays
		}
	}
	for _, name := range packs {
		if n := c.store.catalog.known(name).number; int(n) < len(roles) && c.survey.packs[n].listed {
			roles[n] = leaves
		}
	}
	return roles
}

// awaited returns for each record that was seen the sessions it still waits for, and first says for those that do not say
// it yet which these are: never none because nobody has said.
func (c *collector) awaited(ctx context.Context) (map[string][]string, error) {
	alive, err := c.store.Sessions(ctx) // after the records were put, or listed
	if err != nil {
		return nil, err
	}
	c.survey.sessions = alive
	waits := map[string][]string{}
	for _, record := range slices.Sorted(maps.Keys(c.survey.listing.records)) {
		list, err := c.waitsOf(ctx, record, alive)
		if err != nil {
			return nil, err
		}
		waits[record] = slices.DeleteFunc(list, func(session string) bool { return !alive[session] })
	}
	return waits, nil
}

func waitsName(record string) string {
	return waitsPrefix + strings.TrimPrefix(record, condemnedPrefix)
}

// waitsOf reads what a record waits for, or puts it.
func (c *collector) waitsOf(ctx context.Context, record string, alive map[string]bool) ([]string, error) {
	name, doc := waitsName(record), waitsDoc{Format: document.Format}
	_, err := c.store.readDoc(ctx, name, &doc)
	switch {
	case err == nil:
		return doc.Sessions, nil
	case damaged(err): // nothing rests on it: it is put anew
		if err := c.store.backend.Delete(ctx, name); err != nil {
			return nil, err
		}
	case !errors.Is(err, backend.ErrNotFound):
		return nil, err
	}
	doc.Sessions = slices.Sorted(maps.Keys(alive))
	if _, err := c.store.putDoc(ctx, name, doc); err != nil && !errors.Is(err, backend.ErrExist) {
		return nil, err
	}
	return doc.Sessions, nil
}
