package datastore

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
)

// Small packs are joined when there are many: each costs a request whenever packs are listed or read.
const (
	smallShare = 4 // of a full pack, the part below which one is small
	manySmall  = 16
)

// plan chooses the packs that are worth to go.
func (c *collector) plan(roots []*Snapshot) (*CollectionPlan, error) {
	p := &CollectionPlan{Store: c.store.config.ID, State: stateOf(roots), Made: c.store.now().UTC()}
	counted := c.census(c.leaving(nil), nil)
	if err := counted.take(); err != nil {
		return nil, err
	}
	weights, err := counted.weights()
	if err != nil {
		return nil, err
	}
	p.ChunksNeeded = counted.needed
	var small [pack.Tree + 1][]CondemnedPack
	for n := range c.survey.packs {
		if counted.roles[n] != stays {
			continue
		}
		out := CondemnedPack{c.survey.packs[n].name, c.survey.packs[n].size, weights[n].needed, ""}
		out.Reason = c.worth(uint32(n), counted.holds[n], weights[n])
		switch out.Reason {
		case "":
		case isSmall:
			kind := c.survey.packs[n].kind
			small[kind] = append(small[kind], out)
		default:
			p.Packs = append(p.Packs, out)
		}
	}
	for _, list := range small {
		if len(list) >= manySmall {
			p.Packs = append(p.Packs, list...)
		}
	}
	slices.SortFunc(p.Packs, func(a, b CondemnedPack) int { return cmp.Compare(a.Pack, b.Pack) })
	return p, nil
}

const isSmall = "small: joined with others"

// worth says why a pack should go, "" if it should not.
func (c *collector) worth(n uint32, holds int64, w weight) string {
	p := &c.survey.packs[n]
	switch {
	case !p.indexed || c.survey.sessions[sessionOf(p.name)]:
		return "" // what a living session wrote may be part of its next snapshot
	case holds == 0:
		return "nothing needs it"
	case !p.trusted || c.o.MinDead > 1:
		return "" // whoever copies what is in it vouches for it
	case c.hurt()[n]:
		return "part of it is damaged"
	case float64(w.all-w.needed) >= c.o.MinDead*float64(w.all):
		return fmt.Sprintf("%d of 100 bytes are not needed", 100*(w.all-w.needed)/w.all)
	case p.size < int64(c.store.o.PackSize)/smallShare:
		return isSmall
	}
	return ""
}

// hurt returns the packs in which a verification found damage: what is good in them is better off elsewhere.
func (c *collector) hurt() map[uint32]bool {
	if c.damaged == nil {
		c.damaged = map[uint32]bool{}
		for at := range c.survey.bad {
			c.damaged[at.pack] = true
		}
	}
	return c.damaged
}

// census returns one to be taken of the survey's tables and newer ones.
func (c *collector) census(roles []role, newer []*openTable) *census {
	return &census{marks: c.marks, tables: append(slices.Clone(c.survey.tables), newer...), roles: roles, sound: c.sound}
}
