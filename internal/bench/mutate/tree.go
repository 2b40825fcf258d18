package main

import (
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// changeTree touches a share of the regular files below root, chosen at random: of ten, eight are edited in place, one is
// removed, and one gets an edited copy beside it. A tree keeps about its size that way, however many days pass.
func changeTree(root string, percent float64, day uint64, random *rand.Rand, keep originals) error {
	files, err := regularFiles(root)
	if err != nil {
		return err
	}
	c := treeChange{root: root, day: day, random: random, keep: keep}
	n := min(int(math.Ceil(float64(len(files))*percent/100)), len(files))
	for i, k := range random.Perm(len(files))[:n] {
		if err := c.file(files[k], i); err != nil {
			return err
		}
	}
	return nil
}

// regularFiles are in lexical order: the choice must not depend on the file system's.
func regularFiles(root string) (files []string, err error) {
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			files = append(files, path)
		}
		return err
	})
	return files, err
}

type treeChange struct {
	root   string
	day    uint64
	random *rand.Rand
	keep   originals
}

// file changes the i-th of the chosen files.
func (c treeChange) file(path string, i int) error {
	name, err := filepath.Rel(c.root, path)
	if err != nil {
		return err
	}
	if i%10 == 1 {
		return c.addBeside(name)
	}
	if err := c.keep.keep(c.root, name); err != nil {
		return err
	}
	if i%10 == 0 {
		return os.Remove(path)
	}
	return c.edited(path, path)
}

func (c treeChange) addBeside(name string) error {
	added := fmt.Sprintf("%s.day%d", name, c.day)
	if err := c.keep.note(added); err != nil {
		return err
	}
	return c.edited(filepath.Join(c.root, name), filepath.Join(c.root, added))
}

func (c treeChange) edited(from, to string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, edit(data, c.random), 0o644)
}

// edit replaces a stretch of at most 4 KiB at a random place by one of another length, so that all behind it moves.
func edit(data []byte, random *rand.Rand) []byte {
	at := random.IntN(len(data) + 1)
	gone := random.IntN(min(len(data)-at, block) + 1)
	fresh := make([]byte, 1+random.IntN(min(len(data)+64, block)))
	fill(fresh, random)
	edited := append([]byte(nil), data[:at]...)
	edited = append(edited, fresh...)
	return append(edited, data[at+gone:]...)
}
