package main

import (
	"time"

	"github.com/heirloom-backup/heirloom/datastore"
)

// gcJSON is what scripts learn of a collection.
type gcJSON struct {
	PacksRemoved  int64              `json:"packs_removed"`
	ChunksRemoved int64              `json:"chunks_removed"`
	BytesFreed    int64              `json:"bytes_freed"` // removed, less copied: below 0 where packs wait to be removed
	BytesPending  int64              `json:"bytes_pending"`
	Seconds       float64            `json:"seconds"`
	BytesCopied   int64              `json:"bytes_copied"`
	Waiting       []waitingJSON      `json:"waiting"`
	Fenced        []string           `json:"fenced"`
	Damaged       []damagedChunkJSON `json:"damaged"`
	Stuck         []string           `json:"stuck"` // packs that should go, and cannot be emptied
	Notes         []string           `json:"notes"`
}

// waitingJSON is a session that packs wait for.
type waitingJSON struct {
	Session string `json:"session"`
	Started stamp  `json:"started"`
	Host    string `json:"host"`
}

// damagedChunkJSON is a chunk that a snapshot needs and that could not be copied.
type damagedChunkJSON struct {
	Chunk  string `json:"chunk"`
	Reason string `json:"reason"`
	Pack   string `json:"pack"`
}

func newGCJSON(c *datastore.Collection, elapsed time.Duration) gcJSON {
	j := gcJSON{PacksRemoved: c.PacksRemoved, ChunksRemoved: c.ChunksRemoved, BytesFreed: c.BytesFreed(),
		BytesPending: c.BytesPending, Seconds: elapsed.Seconds(), BytesCopied: c.BytesCopied,
		Waiting: []waitingJSON{}, Fenced: []string{}, Damaged: []damagedChunkJSON{}, Stuck: []string{}, Notes: []string{}}
	for _, w := range c.Waiting {
		j.Waiting = append(j.Waiting, waitingJSON{w.Session, stamp(w.Started), escape(w.Host)})
	}
	for _, d := range c.Damaged {
		j.Damaged = append(j.Damaged, damagedChunkJSON{d.ID.String(), string(d.Reason), d.Pack})
	}
	for _, n := range c.Notes {
		j.Notes = append(j.Notes, escape(n))
	}
	j.Fenced, j.Stuck = append(j.Fenced, c.Fenced...), append(j.Stuck, c.Stuck...)
	return j
}
