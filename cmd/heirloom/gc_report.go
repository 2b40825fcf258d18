package main

import (
	"fmt"
	"time"

	"github.com/heirloom-backup/heirloom/datastore"
)

func (p *program) reportCollection(c *datastore.Collection, elapsed time.Duration) error {
	for _, n := range c.Notes {
		p.note("%s", n)
	}
	for _, d := range c.Damaged {
		p.damage("chunk %s is %s in pack %s, which stays: it is needed", d.ID, d.Reason, d.Pack)
	}
	for _, pack := range c.Stuck {
		p.damage("pack %s stays: it is damaged, and what is needed of it cannot be told or read", pack)
	}
	if err := p.writeCollection(c, elapsed); err != nil {
		return err
	}
	if len(c.Damaged)+len(c.Stuck) > 0 {
		p.note("next: heirloom verify names the files; the next backup of their sources stores again what can be read there")
		return statusDamage
	}
	return nil
}

func (p *program) writeCollection(c *datastore.Collection, elapsed time.Duration) error {
	text := freed("freed", c.PacksRemoved, c.ChunksRemoved, c.BytesRemoved, c.BytesCopied) + " in " + took(elapsed)
	if n := int64(len(c.Fenced)); n > 0 {
		text += "\ntook " + count(n, "backup", "backups") + " for dead"
	}
	if c.BytesPending > 0 {
		text += "\n" + size(c.BytesPending) + " will be freed by a later gc" + p.awaited(c.Waiting)
	}
	if err := p.say("%s", text); err != nil || !p.json {
		return err
	}
	return writeJSON(p.Stdout, newGCJSON(c, elapsed))
}

// freed says for people what came, or would come, of removing packs.
func freed(verb string, packs, chunks, removed, copied int64) string {
	text := verb + " nothing"
	if packs > 0 {
		text = fmt.Sprintf("%s %s: %s with %s", verb, size(removed-copied),
			count(packs, "pack", "packs"), count(chunks, "chunk", "chunks"))
	}
	if copied > 0 {
		text += fmt.Sprintf(" (%s removed, %s copied because it is needed)", size(removed), size(copied))
	}
	return text
}

// awaited says for people what packs wait for; "" if that is not known.
func (p *program) awaited(list []datastore.Waiting) string {
	if len(list) == 0 {
		return ""
	}
	first := list[0]
	for _, w := range list {
		if w.Started.Before(first.Started) {
			first = w
		}
	}
	who := "a backup"
	if !first.Started.IsZero() {
		who += " that began " + p.clock(first.Started)
	}
	if first.Host != "" {
		who += " on " + printable(first.Host)
	}
	has, it := "has", "it is"
	if more := int64(len(list) - 1); more > 0 {
		who += " and " + count(more, "other", "others")
		has, it = "have", "they are"
	}
	return fmt.Sprintf(": %s %s not ended; if %s dead, run: heirloom gc --fence", who, has, it)
}
