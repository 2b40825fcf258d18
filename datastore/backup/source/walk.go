package source

import (
	"errors"
	"fmt"
	"io/fs"
)

// walk is what all folders of one open source share.
type walk struct {
	root       string // absolute path
	options    FolderOptions
	exclude    rules
	skip       []status
	fileSystem uint64 // of the root
}

func newWalk(path string, o FolderOptions, root *status) (*walk, error) {
	exclude, err := parseRules(o.Exclude)
	if err != nil {
		return nil, err
	}
	w := &walk{root: path, options: o, exclude: exclude, fileSystem: root.fileSystem()}
	for _, dir := range o.SkipDirs {
		var s status
		err := statPath(dir, &s)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("folder to skip: %w", pathError("stat", dir, err))
		}
		w.skip = append(w.skip, s)
	}
	return w, nil
}

// skips says whether s is one of the folders that are never saved.
func (w *walk) skips(s *status) bool {
	for i := range w.skip {
		if w.skip[i].same(s) {
			return true
		}
	}
	return false
}
