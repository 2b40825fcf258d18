package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/verify"
	"github.com/heirloom-backup/heirloom/task/progress"
)

// verifyFlags say which verifications can be spared, and whose they are.
type verifyFlags struct {
	olderThan days
	job       string
}

func (p *program) verifyCommand() *cobra.Command {
	var f verifyFlags
	cmd := &cobra.Command{
		Use:   "verify [--older-than D] [ADDRESS]...",
		Short: "Read every byte of snapshots and compare it with what was stored",
		Long: "Verify the snapshots named, or all. Every byte they need is read. Each is OK, CORRUPT (bytes are not what was\n" +
			"stored) or MISSING (bytes are gone); what is damaged is named on stderr, and the exit status is 4.\n" +
			"Storage that cannot be reached is a failure (1), never a result.",
		Args: wants(0, -1),
	}
	cmd.RunE = p.recorded(func(args []string) about {
		return about{kind: "verify", source: escape(strings.Join(args, " ")), target: p.storeSubject()}
	}, func(ctx context.Context, args []string) error { return p.verify(ctx, f, args) })
	cmd.Flags().Var(&f.olderThan, "older-than", "only snapshots not verified within the last `D` (30d, 12h)")
	cmd.Flags().StringVar(&f.job, "job", "", "`JOB` to record with the results; default: "+datastore.ManualJob)
	return cmd
}

func (p *program) verify(ctx context.Context, f verifyFlags, args []string) error {
	addresses, err := parseAddresses(args)
	if err != nil {
		return err
	}
	return p.withStore(ctx, func(store openStore) error {
		o := verify.Options{OlderThan: time.Duration(f.olderThan), Job: f.job}
		for _, a := range addresses {
			sn, err := store.Find(ctx, a)
			if err != nil {
				return err
			}
			o.Snapshots = append(o.Snapshots, sn)
		}
		report, err := p.runVerify(ctx, store.Store, o)
		if err != nil {
			return err
		}
		return p.reportVerify(report)
	})
}

func (p *program) runVerify(ctx context.Context, store *datastore.Store, o verify.Options) (*verify.Report, error) {
	o.Progress = new(verify.Progress)
	stop := p.watch("read", progress.Unknown, func() (progress.Count, string) {
		c := o.Progress.Counters()
		return progress.Count{Items: c.PacksDone, Bytes: c.Bytes}, fmt.Sprintf("%d of %s", c.PacksDone, count(c.Packs, "pack", "packs"))
	})
	defer stop()
	return verify.Run(ctx, store, o)
}

func parseAddresses(texts []string) ([]datastore.Address, error) {
	list := make([]datastore.Address, len(texts))
	for i, text := range texts {
		a, err := datastore.ParseAddress(text)
		if err != nil {
			return nil, &usageError{err}
		}
		list[i] = a
	}
	return list, nil
}
