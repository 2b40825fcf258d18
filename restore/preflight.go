package restore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// preflight finds out, before anything is written, whether something is in the way and whether all will fit.
func (r *run) preflight(ctx context.Context, d destination, e *tree.Entry) error {
	free, err := freeAt(d)
	known := err == nil && !r.o.SkipSpaceCheck && !d.device
	fits := !known || r.o.SizeHint > 0 && r.o.SizeHint <= free
	conflicts := r.o.Overwrite && d.exists && !d.device
	if fits && !conflicts {
		return nil
	}
	s := survey{r: r.reader, salvage: r.o.Salvage, seen: make(map[uint64]bool)}
	if err := s.start(ctx, d, r.pathOf(e), e, conflicts); err != nil {
		return err
	}
	if need := s.need + s.largest; !fits && need > free {
		return fmt.Errorf("%w: %d bytes are needed, %d are free (the check can be skipped)", ErrNoSpace, need, free)
	}
	return nil
}

// freeAt returns the free space of the file system that the destination will be on.
func freeAt(d destination) (int64, error) {
	folder, err := filepath.Abs(d.folder)
	if err != nil {
		return 0, err
	}
	for {
		free, err := freeBytes(folder)
		up := filepath.Dir(folder)
		if !errors.Is(err, fs.ErrNotExist) || up == folder {
			return free, err
		}
		folder = up
	}
}

// survey walks what is to be restored beside what is there.
type survey struct {
	r       Reader
	salvage bool
	seen    map[uint64]bool // hard links
	need    int64           // bytes more than there are now
	largest int64           // bytes of the largest file that replaces another, for both exist for a while
}

const block = 4096 // bytes; file systems give files space in such units

// start opens the destination if conflicts are to be looked for.
func (s *survey) start(ctx context.Context, d destination, path string, e *tree.Entry, conflicts bool) error {
	var root *os.Root
	if conflicts {
		var err error
		if root, err = os.OpenRoot(d.folder); err != nil {
			return err
		}
		defer root.Close()
	}
	if d.name == "." {
		return s.entries(ctx, root, path, e, 0)
	}
	named := *e
	named.Name = d.name
	return s.entry(ctx, root, path, &named, 0)
}

// entries surveys a folder; at is the same one at the destination, nil if there is none.
func (s *survey) entries(ctx context.Context, at *os.Root, path string, e *tree.Entry, depth int) error {
	if depth == maxDepth {
		return tooDeep(path)
	}
	for c, err := range tree.Entries(ctx, folderNodes(s.r, path, s.onDamage), e.Tree) {
		if d, damaged := damageOf(err); damaged {
			d.Path = path
			return s.onDamage(d, err)
		}
		if err != nil {
			return folderError(path, err)
		}
		if err := s.entry(ctx, at, join(path, c.Name), &c, depth); err != nil {
			return err
		}
	}
	return nil
}

func (s *survey) onDamage(d Damage, err error) error {
	if s.salvage {
		return nil // is listed when it is met again
	}
	return stopAtDamage(d, err)
}

func (s *survey) entry(ctx context.Context, at *os.Root, path string, e *tree.Entry, depth int) error {
	there, err := s.there(at, path, e)
	if err != nil {
		return err
	}
	switch {
	case e.Type == tree.File:
		return s.file(ctx, path, e, there)
	case e.Type != tree.Dir:
		return nil
	case there == nil:
		return s.entries(ctx, nil, path, e, depth+1)
	}
	inner, err := openInside(at, e.Name)
	if err != nil {
		return fmt.Errorf("%q: %w", path, err)
	}
	defer inner.Close()
	return s.entries(ctx, inner, path, e, depth+1)
}

// there returns what the destination has in the place of e, nil if nothing.
func (s *survey) there(at *os.Root, path string, e *tree.Entry) (fs.FileInfo, error) {
	if at == nil {
		return nil, nil
	}
	st, err := at.Lstat(e.Name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%q: %w", path, err)
	}
	if st.IsDir() != (e.Type == tree.Dir) {
		return nil, fmt.Errorf("%q is a %s in the snapshot, and something else is %w", path, e.Type, ErrConflict)
	}
	return st, nil
}

// file adds up what a file needs.
func (s *survey) file(ctx context.Context, path string, e *tree.Entry, there fs.FileInfo) error {
	if e.Link != 0 && s.seen[e.Link] {
		return nil
	}
	if e.Link != 0 {
		s.seen[e.Link] = true
	}
	var need int64
	for x, err := range extents(ctx, s.r, path, e, 0, s.onDamage) {
		if err != nil {
			return err
		}
		if !x.Hole() && checkExtent(x.Extent) == nil {
			need += x.Length
		}
	}
	need = (need + block - 1) / block * block
	if there != nil && there.Mode().IsRegular() {
		s.largest = max(s.largest, min(need, there.Size()))
		need = max(0, need-there.Size())
	}
	s.need += need
	return nil
}
