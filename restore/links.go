package restore

import (
	"fmt"
	"strings"
	"sync"

	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// links makes the hard links of a restore. The first entry with a link number is restored; the others become links to
// it, and only to it, as soon as it is whole.
type links struct {
	mu   sync.Mutex
	made map[uint64]*linked
}

// linked is an entry that others are links to.
type linked struct {
	path    string // in the snapshot; "" if it could not be restored
	inode   uint64 // to be recognised by, where the system has one
	whole   bool
	waiting []waiter
}

// waiter is a link to be made. It uses its folder.
type waiter struct {
	in   *folder
	name string
}

// linkOr makes e a link if it is one of an entry restored before, and calls restore otherwise.
func (r *run) linkOr(at *folder, e *tree.Entry, restore func() error) error {
	if e.Link == 0 || r.links.first(e.Link, at.pathOf(e.Name)) {
		return restore()
	}
	r.links.mu.Lock()
	defer r.links.mu.Unlock()
	l, w := r.links.made[e.Link], waiter{in: at, name: e.Name}
	if l.whole {
		return r.link(l, w)
	}
	at.hold()
	l.waiting = append(l.waiting, w)
	r.window.waiting++
	return nil
}

// first says whether the entry at path is the first with its number, to which the others will be links.
func (s *links) first(number uint64, path string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.made[number] != nil {
		return false
	}
	s.made[number] = &linked{path: path}
	return true
}

// whole says that e is restored, and makes the links that waited for it.
func (s *links) whole(r *run, in *folder, e *tree.Entry) error {
	if e.Link == 0 {
		return nil
	}
	st, err := in.root.Lstat(e.Name)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.made[e.Link]
	l.whole, l.inode = true, inode(st)
	return s.serve(r, l)
}

// skipped says that e could not be restored, so that there can be no links to it.
func (s *links) skipped(e *tree.Entry) {
	if e.Link != 0 {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.made[e.Link].whole, s.made[e.Link].path = true, ""
	}
}

func (s *links) serve(r *run, l *linked) error {
	for len(l.waiting) > 0 {
		w := l.waiting[0]
		l.waiting = l.waiting[1:]
		if err := r.link(l, w); err != nil {
			w.in.release()
			return w.in.fail(w.in.pathOf(w.name), err)
		}
		if err := w.in.release(); err != nil {
			return err
		}
	}
	return nil
}

// abandon ends the wait of those that are left.
func (s *links) abandon() {
	for _, l := range s.made {
		for _, w := range l.waiting {
			w.in.release()
		}
		l.waiting = nil
	}
}

// link makes one link. Paths from the destination on are safe in so far as os.Root does not leave it; that the link is
// of the right file is checked.
func (r *run) link(l *linked, w waiter) error {
	if l.path == "" {
		r.report.tally(w.in.pathOf(w.name), "a hard link of something that was not restored")
		return nil
	}
	made, err := w.in.make(w.name, func(name string) error {
		return r.top.root.Link(r.inside(l.path), r.inside(w.in.pathOf(name)))
	})
	if err != nil {
		return fmt.Errorf("link to %q: %w", l.path, err)
	}
	st, err := w.in.root.Lstat(made)
	if err == nil && inode(st) != l.inode {
		err = fmt.Errorf("%q was changed meanwhile", l.path)
	}
	if err == nil {
		err = w.in.replace(made, w.name)
	}
	if err != nil {
		w.in.root.Remove(made)
		return err
	}
	r.progress.files.Add(1)
	return nil
}

// inside turns a path in the snapshot into one from the destination on.
func (r *run) inside(path string) string {
	if r.top.path == "." {
		return path
	}
	return strings.TrimPrefix(path, r.top.path+"/")
}
