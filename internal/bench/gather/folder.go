package main

import (
	"errors"
	"io/fs"
	"path/filepath"
)

// folder is one folder without the folders in it.
type folder struct {
	path    string
	name    string   // its path below the folder that holds its root
	entries []string // names of the regular files and symbolic links in it
	size    int64    // bytes of the files
}

// list returns root and all folders below it that have entries, in lexical order. One that may not be read is left out.
func list(root, without string) ([]folder, error) {
	var folders []*folder
	byPath := map[string]*folder{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case path == without, errors.Is(err, fs.ErrPermission):
			return filepath.SkipDir
		case err != nil:
			return err
		case d.IsDir():
			name, err := filepath.Rel(filepath.Dir(root), path)
			byPath[path] = &folder{path: path, name: name}
			folders = append(folders, byPath[path])
			return err
		case d.Type().IsRegular(), d.Type() == fs.ModeSymlink:
			return byPath[filepath.Dir(path)].add(d)
		}
		return nil
	})
	var result []folder
	for _, f := range folders {
		if len(f.entries) > 0 {
			result = append(result, *f)
		}
	}
	return result, err
}

func (f *folder) add(d fs.DirEntry) error {
	info, err := d.Info()
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	f.entries = append(f.entries, d.Name())
	if info.Mode().IsRegular() {
		f.size += info.Size()
	}
	return nil
}

func size(folders []folder) (total int64) {
	for _, f := range folders {
		total += f.size
	}
	return total
}
