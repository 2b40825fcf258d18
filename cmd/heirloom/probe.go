package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/dirstore"
)

// maxProbed bounds what a person can mean: each object is put, read, listed and deleted.
const maxProbed = 100_000

func (p *program) probeCommand() *cobra.Command {
	var o backend.ProbeOptions
	cmd := &cobra.Command{
		Use:   "probe [--objects N]",
		Short: "Ask the storage whether it does what a store needs of it",
		Long: "Put some small objects into the storage, read, list and delete them, and look whether each step shows at once.\n" +
			"gc is refused where it does not. The store may be in use meanwhile, and there need not be one yet.\n\n" +
			"A probe can show that storage is not fit. It cannot prove that it is: several machines on one network folder may\n" +
			"each see the others late.",
		Args: wants(0, 0),
	}
	cmd.Flags().IntVar(&o.Objects, "objects", 0, "put `N` objects; default: 16")
	cmd.RunE = p.action(func(ctx context.Context, _ []string) error {
		if cmd.Flags().Changed("objects") && (o.Objects < 1 || o.Objects > maxProbed) {
			return wrongUsage("--objects %d is not between 1 and %d", o.Objects, maxProbed)
		}
		return p.probe(ctx, o)
	})
	return cmd
}

func (p *program) probe(ctx context.Context, o backend.ProbeOptions) error {
	return p.withBackend(dirstore.Options{}, func(b backend.Backend) error {
		began := p.Now()
		found, err := backend.Probe(ctx, b, o)
		if err != nil {
			return err
		}
		if err := p.reportProbe(found, p.Now().Sub(began)); err != nil {
			return err
		}
		return found.Collectable()
	})
}

// findingJSON is the answer of the storage to one question.
type findingJSON struct {
	Name   string `json:"name"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`
	Needed string `json:"needed"`
}

func findingsJSON(f *backend.Fitness) []findingJSON {
	list := make([]findingJSON, len(f.Findings))
	for i, found := range f.Findings {
		list[i] = findingJSON{found.Name, found.OK, escape(found.Detail), string(found.Needed)}
	}
	return list
}

func (p *program) reportProbe(f *backend.Fitness, elapsed time.Duration) error {
	if p.json {
		return writeJSON(p.Stdout, struct {
			Fit      bool          `json:"fit"`
			Findings []findingJSON `json:"findings"`
			Seconds  float64       `json:"seconds"`
		}{f.Collectable() == nil, findingsJSON(f), elapsed.Seconds()})
	}
	w := p.table("QUESTION\tNEEDED FOR\tANSWER")
	for _, found := range f.Findings {
		answer := "as it should be"
		if !found.OK {
			answer = printable(found.Detail)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", found.Name, found.Needed, answer)
	}
	if err := w.Flush(); err != nil || f.Collectable() != nil {
		return err
	}
	return p.say("nothing speaks against this storage")
}
