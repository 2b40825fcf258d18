package main

import (
	"context"
	"fmt"
	"iter"
	"path"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/heirloom-backup/heirloom/datastore/tree"
	"github.com/heirloom-backup/heirloom/restore"
)

func (p *program) lsCommand() *cobra.Command {
	var recursive bool
	cmd := &cobra.Command{
		Use:   "ls [--recursive] ADDRESS [PATH]",
		Short: "List a folder of a snapshot",
		Args:  wants(1, 2),
		RunE: p.action(func(ctx context.Context, args []string) error {
			path := ""
			if len(args) == 2 {
				path = args[1]
			}
			return p.withContent(ctx, args[0], path, func(c content) error { return p.ls(ctx, c, recursive) })
		}),
	}
	cmd.Flags().BoolVarP(&recursive, "recursive", "r", false, "and all that is below it")
	return cmd
}

func (p *program) ls(ctx context.Context, c content, recursive bool) error {
	items := c.itself()
	switch {
	case c.entry.Type == tree.Dir && recursive:
		items = restore.Walk(ctx, c.store, c.sn.Root, c.path)
	case c.entry.Type == tree.Dir:
		items = c.children(ctx)
	}
	if p.json {
		return p.listJSON(items)
	}
	for it, err := range items {
		if err != nil {
			return err
		}
		if err := p.listLine(it, recursive); err != nil {
			return err
		}
	}
	return nil
}

// itself yields the entry.
func (c content) itself() iter.Seq2[restore.Item, error] {
	it := restore.Item{Path: cleanPath(c.path), Entry: c.entry}
	if it.Path == "" {
		it.Path = it.Entry.Name // of a disk image or stream
	}
	return func(yield func(restore.Item, error) bool) { yield(it, nil) }
}

// children yields what is in the folder, but not what is below that.
func (c content) children(ctx context.Context) iter.Seq2[restore.Item, error] {
	return func(yield func(restore.Item, error) bool) {
		for e, err := range tree.Entries(ctx, c.store.Node, c.entry.Tree) {
			if !yield(restore.Item{Path: path.Join(cleanPath(c.path), e.Name), Entry: e}, err) {
				return
			}
		}
	}
}

// cleanPath writes a path as listings do; the root is "".
func cleanPath(p string) string { return path.Clean("/" + p)[1:] }

// listLine writes one entry for people. Columns have fixed widths, so that a folder of any size is shown as it is read.
func (p *program) listLine(it restore.Item, recursive bool) error {
	e := it.Entry
	name := e.Name
	if recursive {
		name = it.Path
	}
	name = printable(name)
	if e.Type == tree.Symlink {
		name += " -> " + printable(e.Target)
	}
	bytes := "-"
	if e.Type == tree.File {
		bytes = size(e.Size)
	}
	_, err := fmt.Fprintf(p.Stdout, "%s %8s %8s %10s  %s  %s\n", modeText(&e),
		strconv.Itoa(int(e.UID)), strconv.Itoa(int(e.GID)), bytes, p.clock(e.ModTime.Time()), name)
	return err
}
