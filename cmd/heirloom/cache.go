package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// cache is the folder where this run keeps what it knows of stores.
type cache struct {
	dir       string // "" where not even a temporary folder can be made: the library then keeps it in memory
	temporary bool
}

// openCache returns the cache folder that was named, or the user's. One that cannot be written to is no reason to
// refuse the work: a temporary one does, only slower.
func (p *program) openCache() cache {
	dir, err := p.chosenCache()
	if err == nil {
		err = makeWritable(dir)
	}
	if err == nil {
		return cache{dir: dir}
	}
	temp, tempErr := os.MkdirTemp("", "heirloom-cache-")
	if tempErr != nil {
		p.note("the cache cannot be used (%v), nor can a temporary one (%v): it is kept in memory", err, tempErr)
		return cache{}
	}
	p.note("the cache cannot be used (%v): a temporary one takes its place for this run", err)
	return cache{dir: temp, temporary: true}
}

func (c cache) Close() {
	if c.temporary {
		_ = os.RemoveAll(c.dir) // what stays behind is litter in the temporary folder, and no concern of the user's
	}
}

func (p *program) chosenCache() (string, error) {
	if p.cacheDir != "" {
		return filepath.Abs(p.cacheDir)
	}
	dir, err := p.UserCacheDir()
	return filepath.Join(dir, "heirloom"), err
}

// makeWritable makes the folder and tries to write into it, which tells more than its mode does.
func makeWritable(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".writable-")
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Remove(f.Name()); err != nil {
		return fmt.Errorf("remove what was just written: %w", err)
	}
	return nil
}
