package main

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"github.com/heirloom-backup/heirloom/datastore/backup/source"
)

// stdin is the SOURCE that stands for the standard input.
const stdin = "-"

// source returns what the arguments of a backup stand for.
func (p *program) source(ctx context.Context, f sourceFlags, name string, args []string, store openStore) (source.Source, error) {
	if slices.Contains(args, stdin) {
		return p.streamSource(ctx, name, args)
	}
	o, err := p.folderOptions(f, store)
	if err != nil {
		return nil, err
	}
	if len(args) == 1 {
		image, err := source.IsImage(args[0])
		if err != nil {
			return nil, err
		}
		if image {
			return source.ImageFile(args[0]), nil
		}
		return source.Folder(args[0], o), nil
	}
	return joinFolders(args, o)
}

func (p *program) streamSource(ctx context.Context, name string, args []string) (source.Source, error) {
	if len(args) > 1 {
		return nil, wrongUsage("- (stdin) cannot be saved together with other sources: run one backup for each")
	}
	if name == "" {
		return nil, wrongUsage("a stream has no name of its own: give it one with --name")
	}
	// A file's name cannot have all that a snapshot's can.
	file := strings.NewReplacer("/", "_", "\x00", "_").Replace(name)
	return source.Stream(file, interruptible(ctx, p.Stdin)), nil
}

// joinFolders makes one source of several. Its name is the same in whatever order they are given, so that the next run
// finds its parent.
func joinFolders(args []string, o source.FolderOptions) (source.Source, error) {
	var names []string
	var folders []source.Source
	for _, arg := range args {
		if image, err := source.IsImage(arg); err != nil {
			return nil, err
		} else if image {
			return nil, wrongUsage("%s is a file: a disk image is a snapshot of its own, only folders can be saved together", arg)
		}
		path, err := filepath.Abs(arg)
		if err != nil {
			return nil, err
		}
		names = append(names, filepath.Base(path))
		folders = append(folders, source.Folder(arg, o))
	}
	slices.Sort(names)
	if len(slices.Compact(slices.Clone(names))) < len(names) {
		return nil, wrongUsage("two sources have the same base name, and each becomes a folder of its own in the snapshot")
	}
	return source.Join(strings.Join(names, "+"), folders...), nil
}
