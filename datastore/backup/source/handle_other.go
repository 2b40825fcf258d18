//go:build !linux && !darwin && !freebsd

package source

import (
	"os"

	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// handle is an open folder of the file system.
type handle struct{ root *os.Root }

// openHandle opens a folder by its path and follows symlinks.
func openHandle(path string) (*handle, error) {
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, err
	}
	return &handle{root}, nil
}

// folder opens a folder in the folder. A root follows symlinks inside it, so what was opened is compared with the name.
func (h *handle) folder(name string) (*handle, error) {
	before, err := h.root.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !before.IsDir() {
		return nil, ErrReplaced
	}
	root, err := h.root.OpenRoot(name)
	if err != nil {
		return nil, err
	}
	opened, err := root.Stat(".")
	if err == nil && !os.SameFile(before, opened) {
		err = ErrReplaced
	}
	if err != nil {
		root.Close()
		return nil, err
	}
	return &handle{root}, nil
}

// file opens a regular file of the folder, whose path only serves for messages.
func (h *handle) file(name, _ string) (File, error) {
	before, err := h.root.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !before.Mode().IsRegular() {
		return nil, ErrReplaced
	}
	f, err := h.root.Open(name)
	if err != nil {
		return nil, err
	}
	opened, err := f.Stat()
	if err == nil && !os.SameFile(before, opened) {
		err = ErrReplaced
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return &localFile{f, name}, nil
}

func (h *handle) stat(s *status) (err error) {
	s.FileInfo, err = h.root.Stat(".")
	return err
}

func (h *handle) lstat(name string, s *status) (err error) {
	s.FileInfo, err = h.root.Lstat(name)
	return err
}

func statPath(path string, s *status) (err error) {
	s.FileInfo, err = os.Stat(path)
	return err
}

// names reads the folder's names, unsorted: with an error, those it got.
func (h *handle) names() ([]string, error) {
	f, err := h.root.Open(".")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.Readdirnames(-1)
}

func (h *handle) readlink(name string) (string, error) { return h.root.Readlink(name) }

func (h *handle) attributes(_, _ string) ([]tree.Xattr, error) { return nil, nil }

func (h *handle) close() error { return h.root.Close() }
