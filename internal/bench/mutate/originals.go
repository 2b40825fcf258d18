package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// originals is a folder that holds, at the paths that they have below the tree's root, copies of the files that a change
// edits or removes ("lost"), and empty files for those that it adds ("added"). Empty, it keeps nothing.
//
// Each entry is complete before the tree is touched: a change that was interrupted can be undone, too.
type originals string

func (o originals) lost() string  { return filepath.Join(string(o), "lost") }
func (o originals) added() string { return filepath.Join(string(o), "added") }

// keep is called before the file at the path below root is edited or removed.
func (o originals) keep(root, path string) error {
	if o == "" {
		return nil
	}
	partial, kept := filepath.Join(string(o), "partial"), filepath.Join(o.lost(), path)
	if err := copyFile(filepath.Join(root, path), partial); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(kept), 0o755); err != nil {
		return err
	}
	return os.Rename(partial, kept)
}

// note is called before a file at the path is made.
func (o originals) note(path string) error {
	if o == "" {
		return nil
	}
	mark := filepath.Join(o.added(), path)
	if err := os.MkdirAll(filepath.Dir(mark), 0o755); err != nil {
		return err
	}
	return os.WriteFile(mark, nil, 0o644)
}

func (o originals) putBack(root string) error {
	err := each(o.added(), func(path string) error {
		err := os.Remove(filepath.Join(root, path))
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	})
	if err != nil {
		return err
	}
	err = each(o.lost(), func(path string) error {
		return copyFile(filepath.Join(o.lost(), path), filepath.Join(root, path))
	})
	if err != nil {
		return err
	}
	return os.RemoveAll(string(o))
}

// each calls do with the path of each file below root. There may be no root.
func each(root string, do func(path string) error) error {
	files, err := regularFiles(root)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, file := range files {
		path, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		if err := do(path); err != nil {
			return err
		}
	}
	return nil
}

// copyFile keeps mode and time. A file that is there stays the same one, with its inode, and gets new content.
func copyFile(from, to string) error {
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(to, data, info.Mode().Perm()); err != nil {
		return err
	}
	return os.Chtimes(to, info.ModTime(), info.ModTime())
}
