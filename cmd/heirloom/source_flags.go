package main

import (
	"fmt"
	"os"
	"strings"
	"sync"

	"github.com/spf13/pflag"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backup/source"
)

// sourceFlags say what of the sources is saved.
type sourceFlags struct {
	exclude       []string
	excludeFrom   []string
	excludeCaches bool
	oneFileSystem bool
}

func (f *sourceFlags) add(flags *pflag.FlagSet) {
	flags.StringArrayVar(&f.exclude, "exclude", nil, "leave out what matches `PATTERN`, as in a .gitignore file; may be repeated")
	flags.StringArrayVar(&f.excludeFrom, "exclude-from", nil, "read patterns from `FILE`, one a line; blank lines and # comments are skipped")
	flags.BoolVar(&f.excludeCaches, "exclude-caches", false, "leave out the content of folders marked by a CACHEDIR.TAG")
	flags.BoolVar(&f.oneFileSystem, "one-file-system", false, "leave out what is mounted below a source")
}

func (p *program) folderOptions(f sourceFlags, store openStore) (source.FolderOptions, error) {
	patterns, err := readPatterns(f.excludeFrom)
	if err != nil {
		return source.FolderOptions{}, err
	}
	o := source.FolderOptions{
		Exclude:       append(patterns, f.exclude...), // the last that matches decides, so the command line has the last word
		CacheDirTag:   f.excludeCaches,
		OneFileSystem: f.oneFileSystem,
		SkipDirs:      skippedDirs(store),
	}
	if p.verbose && !p.quiet {
		var mu sync.Mutex
		o.Excluded = func(path string) {
			mu.Lock()
			defer mu.Unlock()
			p.note("left out: %s", path)
		}
	}
	return o, nil
}

// skippedDirs are the folders that must not become part of their own backup.
func skippedDirs(store openStore) []string {
	var dirs []string
	if store.cacheDir != "" {
		dirs = append(dirs, store.cacheDir)
	}
	if dir, ok := backend.LocalDir(store.Backend()); ok {
		dirs = append(dirs, dir)
	}
	return dirs
}

func readPatterns(files []string) ([]string, error) {
	var patterns []string
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read exclude patterns: %w", err)
		}
		for line := range strings.Lines(string(data)) {
			line = strings.TrimRight(line, "\r\n")
			if strings.TrimSpace(line) != "" && !strings.HasPrefix(line, "#") {
				patterns = append(patterns, line)
			}
		}
	}
	return patterns, nil
}
