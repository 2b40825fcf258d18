package main

import (
	"hash/fnv"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
)

const runSize = 16 << 20 // bytes of an image that are taken in one piece

// copyRuns copies n bytes of an image in runs that lie equally far from each other.
func copyRuns(to, from string, n int64) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	size, err := in.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	defer out.Close()
	runs := max(1, min(n, size)/runSize)
	for i := range runs {
		start := size / runs * i / runSize * runSize // aligned, so that fixed chunks are those of the whole image
		if _, err := io.Copy(out, io.NewSectionReader(in, start, runSize)); err != nil {
			return err
		}
	}
	return out.Close()
}

// copyFolders copies the files of a share of all folders, chosen by their names, so that of each state it is the same.
func copyFolders(to, from string, share float64) error {
	return eachFile(from, func(name string, _ fs.FileInfo) error {
		if !chosen(filepath.Dir(name), share) {
			return nil
		}
		data, err := os.ReadFile(filepath.Join(from, name))
		if err != nil {
			return err
		}
		path := filepath.Join(to, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		return os.WriteFile(path, data, 0o644)
	})
}

func chosen(folder string, share float64) bool {
	h := fnv.New64a()
	io.WriteString(h, folder) // never fails
	// FNV's high bits hardly change with the end of a short name; a multiplication spreads what the low ones know.
	return float64(h.Sum64()*0x9e3779b97f4a7c15) < share*math.MaxUint64
}

func sizeOf(folder string) (n int64, err error) {
	err = eachFile(folder, func(_ string, info fs.FileInfo) error {
		n += info.Size()
		return nil
	})
	return n, err
}

// eachFile calls fn for each regular file below a folder, in the order of names, with its path from there.
func eachFile(folder string, fn func(name string, info fs.FileInfo) error) error {
	return filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		name, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		return fn(name, info)
	})
}
