package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/heirloom-backup/heirloom/datastore"
)

func (p *program) statsCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "stats",
		Short: "Show how much the store holds, and how well it deduplicates and compresses",
		Long: "Show how much the store holds, and how well it deduplicates and compresses.\n\n" +
			"Snapshots that are damaged, or gone though nobody removed them, are named on stderr, and the exit status is 4.",
		Args: wants(0, 0),
		RunE: p.action(func(ctx context.Context, _ []string) error { return p.stats(ctx) }),
	}
}

func (p *program) stats(ctx context.Context) error {
	return p.withStore(ctx, func(store openStore) error {
		usage, err := store.Usage(ctx)
		if err != nil {
			return err
		}
		l, err := listPresent(ctx, store.Store, datastore.Filter{})
		if err != nil {
			return err
		}
		if err := p.printUsage(usage); err != nil {
			return err
		}
		return errors.Join(l.damage...) // the numbers are without these
	})
}

// statsJSON is what scripts learn of a store.
type statsJSON struct {
	BytesUsed        int64    `json:"bytes_used"`
	BytesSource      int64    `json:"bytes_source"`
	Chunks           int64    `json:"chunks"`
	Packs            int64    `json:"packs"`
	DedupRatio       *float64 `json:"dedup_ratio"`       // bytes of all snapshots for each byte of a chunk; null in an empty store
	CompressionRatio *float64 `json:"compression_ratio"` // bytes of chunks for each byte stored
	Free             *int64   `json:"free"`              // null if the storage cannot tell
}

func newStatsJSON(u datastore.Usage) statsJSON {
	j := statsJSON{BytesUsed: u.BytesUsed, BytesSource: u.BytesSource, Chunks: u.Chunks, Packs: u.Packs,
		DedupRatio: ratio(u.BytesSource, u.BytesUnique), CompressionRatio: ratio(u.BytesUnique, u.BytesPacked)}
	if u.Free >= 0 {
		j.Free = &u.Free
	}
	return j
}

func (p *program) printUsage(u datastore.Usage) error {
	if p.json {
		return writeJSON(p.Stdout, newStatsJSON(u))
	}
	free := "unknown"
	if u.Free >= 0 {
		free = size(u.Free)
	}
	w := p.table("SNAPSHOTS\tSOURCE\tUSED\tFREE\tPACKS\tCHUNKS\tDEDUPLICATION\tCOMPRESSION")
	fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%d\t%d\t%.2f\t%.2f\n", u.Snapshots, size(u.BytesSource), size(u.BytesUsed), free,
		u.Packs, u.Chunks, u.DedupRatio(), u.CompressionRatio())
	return w.Flush()
}
