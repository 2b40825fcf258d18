package main

import (
	"cmp"
	"path/filepath"
	"strings"
)

// pathSubject is how the record of a task names a path: by itself, wherever the program was started, and with those bytes
// escaped that no text can have.
func pathSubject(path string) string {
	if path == "-" {
		return "-"
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return escape(path)
	}
	return escape(abs)
}

// sourceOf names the sources of a backup. A stream has no other name than that of its snapshot.
func sourceOf(args []string, name string) string {
	if len(args) == 1 && args[0] == "-" && name != "" {
		return escape(name)
	}
	paths := make([]string, len(args))
	for i, arg := range args {
		paths[i] = pathSubject(arg)
	}
	return strings.Join(paths, " ")
}

// storeSubject names the store.
func (p *program) storeSubject() string {
	at, err := parseLocation(p.storeURL)
	if err != nil {
		return cmp.Or(escape(p.storeURL), "(no store)")
	}
	return pathSubject(at.Dir)
}
