package main

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
)

type gathering struct {
	dest    string // is made anew
	without string // folder that is left out
	files   int64  // copied
	bytes   int64  // of them
}

// run gathers about want bytes, or all there are, once, if want is 0.
func (g *gathering) run(want int64, from []string) error {
	if err := os.RemoveAll(g.dest); err != nil {
		return err
	}
	var folders []folder
	for _, root := range from {
		found, err := list(root, g.without)
		if err != nil {
			return fmt.Errorf("list %s: %w", root, err)
		}
		folders = append(folders, found...)
	}
	total := size(folders)
	if want == 0 {
		want = total
	}
	if total == 0 || want > total*int64(len(shifts)) {
		return fmt.Errorf("%d MiB cannot be made of %d MiB", want>>20, total>>20)
	}
	for copy := 0; want > 0; copy++ {
		if err := g.add(copy, sample(folders, float64(want)/float64(total))); err != nil {
			return err
		}
		want -= total
	}
	return nil
}

// sample takes about a share of the bytes, in folders that are chosen at random, the same ones each time, and whole: what
// lies together is alike, and that decides how well it compresses. A folder of 1 MiB that would be a twentieth of it all is
// passed by.
func sample(folders []folder, share float64) []folder {
	if share >= 1 {
		return folders
	}
	want := int64(share * float64(size(folders)))
	left := want
	taken := make([]bool, len(folders))
	for _, i := range rand.New(rand.NewPCG(1, 2)).Perm(len(folders)) {
		if folders[i].size <= min(left, max(want/20, 1<<20)) {
			taken[i] = true
			left -= folders[i].size
		}
		if left < want/50 {
			break // rather than fill the rest with nothing but small ones
		}
	}
	var list []folder
	for i, f := range folders {
		if taken[i] {
			list = append(list, f)
		}
	}
	return list
}

func (g *gathering) add(copy int, folders []folder) error {
	root := g.dest
	if copy > 0 {
		root = filepath.Join(root, fmt.Sprintf("copy%d", copy))
	}
	for _, f := range folders {
		to := filepath.Join(root, f.name)
		if err := os.MkdirAll(to, 0o755); err != nil {
			return err
		}
		for _, entry := range f.entries {
			if err := g.copy(filepath.Join(f.path, entry), filepath.Join(to, entry), copy); err != nil {
				return err
			}
		}
	}
	return nil
}

// copy leaves out what may not be read, and what has vanished since it was listed: the machine goes on working.
func (g *gathering) copy(from, to string, shift int) error {
	info, err := os.Lstat(from)
	if err != nil {
		return unlessOutOfReach(err)
	}
	if info.Mode()&fs.ModeSymlink != 0 {
		target, err := os.Readlink(from)
		if err != nil {
			return unlessOutOfReach(err)
		}
		return os.Symlink(target, to)
	}
	data, err := os.ReadFile(from)
	if err != nil {
		return unlessOutOfReach(err)
	}
	g.files++
	g.bytes += int64(len(data))
	return writeCopy(to, data, info, shift)
}

func unlessOutOfReach(err error) error {
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
		return nil
	}
	return err
}

// writeCopy keeps a file's time. Whoever runs this may write to the copy: a module cache is read-only.
func writeCopy(to string, data []byte, info fs.FileInfo, shift int) error {
	for i, b := range data {
		data[i] = shifts[shift][b]
	}
	if err := os.WriteFile(to, data, info.Mode().Perm()|0o200); err != nil {
		return err
	}
	return os.Chtimes(to, info.ModTime(), info.ModTime())
}
