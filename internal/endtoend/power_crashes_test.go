//go:build linux

package endtoend

import (
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
)

// dies is a program whose process is killed after the nth write below prefix: the power stays, and what it has left is
// what the next program finds.
func dies(p program, kind backend.Kind, prefix string, nth int) program {
	return func(r *recording) error {
		crashed, err := r.kill(p, kind, prefix, nth)
		if err == nil && !crashed {
			err = fmt.Errorf("the program was to be killed at %s %d of %q", kind, nth, prefix)
		}
		return err
	}
}

// perhaps is a program that is killed after so many writes, if it makes so many.
func perhaps(p program, writes int) program {
	return func(r *recording) error {
		_, err := r.kill(p, backendtest.Write, "", writes)
		return err
	}
}

func (r *recording) kill(p program, kind backend.Kind, prefix string, nth int) (crashed bool, err error) {
	sources, sound := r.sources(), r.backend
	faulty := backendtest.New(sound)
	faulty.CrashAfter(kind, prefix, nth)
	r.backend = faulty
	err = p(r)
	r.backend = sound
	if faulty.Crashed() {
		return true, r.learn(sources)
	}
	return false, err
}

// abandon is a backup that is killed before its manifest is put: it leaves a session, and packs that nothing needs.
var abandon = dies(save, backendtest.Put, "index/", 1)

// learn finds out about a snapshot whose program was killed before it could tell. Nothing was promised of it.
func (r *recording) learn(sources []saved) error {
	s, err := datastore.Open(r.t.Context(), r.storage, r.options)
	if err != nil {
		return err
	}
	defer s.Close()
	for sn, err := range s.Snapshots(r.t.Context(), datastore.Filter{Unfinished: true}) {
		if err != nil {
			return err
		}
		if r.known[sn.ID] == nil {
			r.made, r.known[sn.ID] = append(r.made, sn), sn
		}
		if r.want[sn.Root] == nil {
			r.want[sn.Root] = sources[len(sources)-1].tableau
			if sn.Kind == datastore.Dataset {
				r.want[sn.Root] = sources[0].tableau
			}
		}
	}
	return nil
}

// together runs programs at the same time.
func together(programs ...program) program {
	return func(r *recording) error {
		var group errgroup.Group
		for _, p := range programs {
			group.Go(func() error { return p(r) })
		}
		return group.Wait()
	}
}

// unless is a program that may fail, in certain ways: somebody else was quicker.
func unless(p program, allowed ...error) program {
	return func(r *recording) error {
		err := p(r)
		for _, a := range allowed {
			if errors.Is(err, a) {
				return nil
			}
		}
		return err
	}
}
