//go:build linux

package endtoend

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backup"
	"github.com/heirloom-backup/heirloom/datastore/verify"
)

// program is something that is done with a store, or with what is saved in it. It marks what it promises.
type program func(r *recording) error

// save backs everything up.
func save(r *recording) error { return saveAs("")(r) }

// saveAs backs everything up under a name of its own.
func saveAs(name string) program {
	return func(r *recording) error {
		for _, src := range r.sources() {
			if err := r.save(src, name); err != nil {
				return err
			}
		}
		return nil
	}
}

func (r *recording) save(src saved, name string) error {
	return r.do(func(s *datastore.Store) error {
		res, err := backup.Run(r.t.Context(), s, src, backup.Options{Group: datastore.Group{Name: name}, Readers: 1})
		if err == nil && !res.Complete {
			err = fmt.Errorf("backup left something out: %v", res.Warnings)
		}
		if err == nil {
			r.commit(res.Snapshot, src.tableau)
		}
		return err
	})
}

// commit notes that a commit has returned. The content is nil if it is known by its root.
func (r *recording) commit(sn *datastore.Snapshot, content tableau) {
	r.mu.Lock()
	r.made, r.known[sn.ID] = append(r.made, sn), sn
	if content != nil {
		r.want[sn.Root] = content
	}
	r.mu.Unlock()
	r.mark(committed, sn.ID)
}

// nth returns a snapshot by number, in the order of commits.
func (r *recording) nth(n int) *datastore.Snapshot {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.made[n]
}

// saveImage backs a disk image up, now and whenever something is.
func saveImage(r *recording) error {
	l := newLand(r.t, r.t.TempDir())
	l.sparse("disk.img", 80<<10, 8<<10, 40<<10)
	r.image = l.dir
	sources := r.sources()
	return r.save(sources[len(sources)-1], "")
}

// alter changes what is saved: a file is changed, some small ones of a frame are, one goes and one comes.
func alter(r *recording) error {
	n := len(r.marks) // makes sizes, and names, differ
	r.land.file("large", r.land.noise(20<<10+n))
	for _, name := range []string{"a", "c", "g"} {
		r.land.file("folder/small/"+name, r.land.noise(100+n))
	}
	r.land.file(fmt.Sprintf("new %d/file", n), r.land.noise(7<<10))
	if r.image != "" {
		file, err := os.OpenFile(r.image+"/disk.img", os.O_WRONLY, 0)
		if err == nil {
			_, err = file.WriteAt(r.land.noise(4<<10), 16<<10)
			err = errors.Join(err, file.Close())
		}
		return err
	}
	return os.RemoveAll(r.land.path("folder/small/h"))
}

// forget removes the snapshots that were made as the first, second, … from 0 on, all at once.
func forget(numbers ...int) program {
	return func(r *recording) error {
		var list []datastore.Forgetting
		for _, n := range numbers {
			list = append(list, datastore.Forgetting{Snapshot: r.nth(n), Reason: "test"})
			r.mark(removing, r.nth(n).ID)
		}
		return r.do(func(s *datastore.Store) error {
			gone, err := s.ForgetAll(r.t.Context(), list)
			if err != nil && !errors.Is(err, datastore.ErrHeld) {
				return err // whatever it has removed, it has promised nothing
			}
			for _, sn := range gone {
				r.mark(removed, sn.ID)
			}
			return err
		})
	}
}

// undelete brings a snapshot back.
func undelete(n int) program {
	return func(r *recording) error {
		return r.do(func(s *datastore.Store) error {
			gone, err := s.FindPruned(r.t.Context(), r.nth(n).Address())
			if err != nil {
				return err
			}
			back, err := s.Undelete(r.t.Context(), gone)
			if err == nil {
				r.commit(back, nil)
			}
			return err
		})
	}
}

// collect frees what it can.
func collect(r *recording) error {
	r.mark(freeing, "")
	defer r.mark(freed, "")
	return r.do(func(s *datastore.Store) error {
		_, err := s.Collect(r.t.Context(), r.collecting)
		return err
	})
}

// hold holds a snapshot for ever.
func hold(n int) program {
	return func(r *recording) error {
		r.mark(holding, r.nth(n).ID)
		return r.do(func(s *datastore.Store) error {
			err := s.Hold(r.t.Context(), r.nth(n), "test", time.Time{})
			if err == nil {
				r.mark(held, r.nth(n).ID)
			}
			return err
		})
	}
}

func release(n int) program {
	return func(r *recording) error {
		r.mark(releasing, r.nth(n).ID)
		return r.do(func(s *datastore.Store) error {
			err := s.Release(r.t.Context(), r.nth(n))
			if err == nil {
				r.mark(released, r.nth(n).ID)
			}
			return err
		})
	}
}

// check verifies everything and records what it finds.
func check(r *recording) error {
	return r.do(func(s *datastore.Store) error {
		_, err := verify.Run(r.t.Context(), s, verify.Options{})
		return err
	})
}

// rebuild makes the index anew.
func rebuild(r *recording) error {
	return r.do(func(s *datastore.Store) error {
		damaged, err := s.Rebuild(r.t.Context())
		if err == nil && len(damaged) > 0 {
			err = fmt.Errorf("rebuild finds damage: %v", damaged)
		}
		return err
	})
}
