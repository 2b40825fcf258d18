package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backup"
	"github.com/heirloom-backup/heirloom/datastore/backup/source"
	"github.com/heirloom-backup/heirloom/task/progress"
)

// backupFlags are what a person says of a backup.
type backupFlags struct {
	namespace, name, job, mode, host, compression string
	tags                                          []string
	dryRun                                        bool
	sourceFlags
}

func (p *program) backupCommand() *cobra.Command {
	var f backupFlags
	cmd := &cobra.Command{
		Use:   "backup [flags] SOURCE...",
		Short: "Save folders, a disk image or a stream as a snapshot",
		Long: "Save SOURCE as a new snapshot of the store.\n\n" +
			"SOURCE is one folder or more, which become one snapshot; or a disk image or block device; or - for stdin, which\n" +
			"needs --name and is saved as far as it comes, also when the program behind the pipe failed. A snapshot is named after\n" +
			"its source, several sources joined by \"+\", unless --name says otherwise. The store and the cache are left out.\n" +
			"What cannot be read is named on stderr, left out, and makes the exit status 3.",
		Annotations: map[string]string{whenCancelled: "what is stored already is kept, and the next run goes on from there"},
		Args:        wants(1, -1),
	}
	cmd.RunE = p.recorded(func(args []string) about {
		return about{kind: "backup", source: sourceOf(args, f.name), target: p.storeSubject(), changesNothing: f.dryRun}
	}, func(ctx context.Context, args []string) error { return p.backup(ctx, f, args) })
	f.add(cmd)
	return cmd
}

func (f *backupFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.namespace, "namespace", "", "`NS`, such as prod/db, to keep the snapshot in")
	flags.StringVar(&f.name, "name", "", "`NAME` of what is saved; default: the base name of the source")
	flags.StringVar(&f.job, "job", "", "`JOB` the snapshot belongs to; default: "+datastore.ManualJob)
	flags.StringVar(&f.mode, "mode", string(datastore.Incremental), "`MODE`: incremental, or full, which reads everything again")
	flags.StringVar(&f.host, "host", "", "`NAME` of the machine to record; default: its host name")
	flags.StringArrayVar(&f.tags, "tag", nil, "record `KEY=VALUE`; may be repeated")
	flags.StringVar(&f.compression, "compression", "", "`LEVEL`: fastest, balanced or smaller; default: balanced for folders, else fastest")
	flags.BoolVar(&f.dryRun, "dry-run", false, "read and look up everything, store nothing")
	f.sourceFlags.add(flags)
}

func (p *program) backup(ctx context.Context, f backupFlags, args []string) error {
	o, err := f.options()
	if err != nil {
		return &usageError{err}
	}
	return p.withStore(ctx, func(store openStore) error {
		src, err := p.source(ctx, f.sourceFlags, f.name, args, store)
		if err != nil {
			return err
		}
		result, err := p.runBackup(ctx, store.Store, src, o)
		if err != nil {
			return err
		}
		return p.reportBackup(result)
	})
}

// options translates the flags; whatever is wrong is wrong usage.
func (f *backupFlags) options() (o backup.Options, err error) {
	o = backup.Options{Job: f.job, Mode: datastore.Mode(f.mode), DryRun: f.dryRun, Host: f.host}
	o.Group = datastore.Group{Namespace: f.namespace, Name: f.name}
	if o.Mode != datastore.Incremental && o.Mode != datastore.Full {
		return o, fmt.Errorf("--mode %q is neither incremental nor full", f.mode)
	}
	if f.compression != "" {
		level, err := chunk.ParseLevel(f.compression)
		if err != nil {
			return o, fmt.Errorf("--compression: %w", err)
		}
		o.Level = &level
	}
	if err := datastore.ValidateNamespace(f.namespace); err != nil {
		return o, fmt.Errorf("--namespace: %w", err)
	}
	if o.Tags, err = parseTags(f.tags); err != nil {
		return o, err
	}
	if o.Host == "" {
		o.Host, _ = os.Hostname() // a machine without a name is still worth a backup
	}
	return o, nil
}

func parseTags(texts []string) (map[string]string, error) {
	tags := make(map[string]string, len(texts))
	for _, text := range texts {
		key, value, ok := strings.Cut(text, "=")
		if !ok || key == "" {
			return nil, fmt.Errorf("--tag %q is not of the form KEY=VALUE", text)
		}
		tags[key] = value
	}
	return tags, nil
}

func (p *program) runBackup(ctx context.Context, store *datastore.Store, src source.Source, o backup.Options) (*backup.Result, error) {
	o.Progress = new(backup.Progress)
	stop := p.watch("save", progress.Unknown, func() (progress.Count, string) {
		c := o.Progress.Counters()
		done := progress.Count{Items: c.Files, Bytes: c.Bytes, Transferred: c.BytesRead}
		return done, fmt.Sprintf("%s, %s read", count(c.Files, "file", "files"), size(c.BytesRead))
	})
	defer stop()
	return backup.Run(ctx, store, src, o)
}
