package main

import (
	"os"
	"path/filepath"
)

// isInStore tells whether a folder, which need not be there yet, is that of the store or lies in it.
func (p *program) isInStore(dir string) bool {
	at, err := parseLocation(p.storeURL)
	if err != nil {
		return false
	}
	store, err := os.Stat(at.Dir)
	if err != nil {
		return false
	}
	for dir = existing(dir); ; dir = filepath.Dir(dir) {
		if info, err := os.Stat(dir); err == nil && os.SameFile(info, store) {
			return true
		}
		if dir == filepath.Dir(dir) {
			return false
		}
	}
}

// existing returns the folder itself, or the first above it that is there, without symbolic links in its path.
func existing(dir string) string {
	dir, err := filepath.Abs(dir)
	for err == nil {
		if resolved, err := filepath.EvalSymlinks(dir); err == nil || dir == filepath.Dir(dir) {
			return resolved
		}
		dir = filepath.Dir(dir)
	}
	return dir
}
