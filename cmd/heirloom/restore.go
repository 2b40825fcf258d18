package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/restore"
	"github.com/heirloom-backup/heirloom/task/progress"
)

// stdout is the DEST that stands for the standard output.
const stdout = "-"

func (p *program) restoreCommand() *cobra.Command {
	var o restore.Options
	cmd := &cobra.Command{
		Use:   "restore [--path PATH] [--overwrite] [--salvage] [--no-sync] ADDRESS DEST",
		Short: "Get a snapshot, or a part of it, back",
		Long: "Restore a snapshot to DEST. Its root becomes DEST, which must be absent or an empty folder unless --overwrite is\n" +
			"given. Of an image or a stream, DEST is the file to write; - writes a single file to stdout.\n\n" +
			"Damage ends a restore with exit status 4. With --salvage it goes on: what cannot be had comes back as zeros and is\n" +
			"named on stderr.",
		Annotations: map[string]string{whenCancelled: "what is not whole was removed; restore the rest with --overwrite"},
		Args:        wants(2, 2),
	}
	cmd.RunE = p.recorded(func(args []string) about {
		return about{kind: "restore", source: escape(args[0]), target: pathSubject(args[1])}
	}, func(ctx context.Context, args []string) error { return p.restore(ctx, o, args[0], args[1]) })
	cmd.Flags().StringVar(&o.Path, "path", "", "only what is at `PATH` in the snapshot, and below")
	cmd.Flags().BoolVar(&o.Overwrite, "overwrite", false, "replace what the snapshot has; delete nothing else")
	cmd.Flags().BoolVar(&o.NoSync, "no-sync", false, "do not wait until what is restored is on stable storage: quicker, and lost with the power")
	cmd.Flags().BoolVar(&o.Salvage, "salvage", false, "go on at damage and get back what is good")
	return cmd
}

func (p *program) restore(ctx context.Context, o restore.Options, address, dest string) error {
	if dest == stdout && p.json {
		return wrongUsage("stdout cannot take both the data and a JSON document: name a file to write")
	}
	return p.withContent(ctx, address, o.Path, func(c content) error {
		if dest == stdout {
			return p.cat(ctx, c, o)
		}
		began := p.Now()
		result, err := p.runRestore(ctx, c, dest, o)
		if err != nil {
			return err
		}
		return p.reportRestore(newRestoreJSON(c.sn, dest, result, p.Now().Sub(began)), result)
	})
}

func (p *program) runRestore(ctx context.Context, c content, dest string, o restore.Options) (*restore.Result, error) {
	o.Path, o.SizeHint, o.Progress = c.path, c.sn.Stats.BytesSource, new(restore.Progress)
	o.ZerosAreHoles = c.sn.Kind == datastore.Image
	total := int64(-1) // a part of a snapshot has no known size
	if o.Path == "" {
		total = o.SizeHint
	}
	stop := p.watch("restore", total, func() (progress.Count, string) {
		done := o.Progress.Counters()
		return progress.Count{Items: done.Files, Bytes: done.Bytes}, count(done.Files, "file", "files")
	})
	defer stop()
	return restore.Tree(ctx, c.store, c.sn.Root, dest, o)
}

func (p *program) reportRestore(j restoreJSON, r *restore.Result) error {
	err := p.say("restored %s, %s, %s in %.1f s to %s", count(r.Files, "file", "files"), count(r.Dirs, "folder", "folders"),
		size(r.Bytes), j.Seconds, printable(j.Dest))
	if p.json {
		err = writeJSON(p.Stdout, j)
	}
	if err != nil {
		return fmt.Errorf("the snapshot is restored, but its report cannot be written: %w", err)
	}
	return p.nameRestored(r)
}

// nameRestored writes to stderr what is not as it was. What is missing weighs more than what came back a little
// different.
func (p *program) nameRestored(r *restore.Result) error {
	p.warn(r.Warnings, r.WarningCount)
	for _, d := range r.Damage {
		p.damage("%s", newDamageJSON(d.Path, d.Offset, d.Length, d.Chunk, string(d.Reason)))
	}
	if more := r.DamageCount - int64(len(r.Damage)); more > 0 {
		p.damage("%d more", more)
	}
	switch {
	case r.DamageCount > 0:
		return statusDamage
	case r.WarningCount > 0:
		return statusWarnings
	}
	return nil
}
