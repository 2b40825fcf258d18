//go:build linux

package endtoend

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
)

// linger opens a session that collections see and wait for, stores something, and goes on living.
func linger(r *recording) error {
	s, err := datastore.Open(r.t.Context(), r.backend, r.options)
	if err != nil {
		return err
	}
	r.t.Cleanup(func() { _ = s.Close() }) // of memory alone
	r.collecting.FenceAll = false
	r.session, err = s.Begin(r.t.Context(), datastore.SessionOptions{})
	return err
}

// leave ends the session.
func leave(r *recording) error { return r.session.Close() }

// spoil damages a pack of content or of trees: a byte of its first frame.
func spoil(trees bool) program {
	return func(r *recording) error {
		p := &patient{t: r.t, backend: r.storage}
		for info, err := range r.storage.List(r.t.Context(), "packs/") {
			if err != nil {
				return err
			}
			if p.isTree(info.Name) == trees && (r.spoiled == "" || info.Name < r.spoiled) {
				r.spoiled = info.Name
			}
		}
		data := bytes.Clone(p.bytesOf(r.spoiled))
		data[10] ^= 0xff
		r.mark(spoiled, "")
		return errors.Join(r.storage.Delete(r.t.Context(), r.spoiled), r.storage.Put(r.t.Context(), r.spoiled, data))
	}
}

// says marks a promise that is no snapshot's.
func says(p promise) program {
	return func(r *recording) error {
		r.mark(p, "")
		return nil
	}
}

// results records so many verifications of the first snapshot.
func results(n int) program {
	return func(r *recording) error {
		return r.do(func(s *datastore.Store) error {
			for range n {
				v := datastore.Verification{Snapshot: r.made[0], Outcome: datastore.OutcomeOK}
				if err := s.RecordVerifications(r.t.Context(), []datastore.Verification{v}); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

// has checks that there are so many objects whose names contain a text, so that a scenario is what it says.
func has(n int, text string) program {
	return func(r *recording) error {
		names, err := backend.Names(r.t.Context(), r.storage, "")
		found := 0
		for _, name := range names {
			if strings.Contains(name, text) {
				found++
			}
		}
		if err == nil && found != n {
			err = fmt.Errorf("there are %d objects of %q, and should be %d", found, text, n)
		}
		return err
	}
}

// loseIndex deletes all index segments, which are hints.
func loseIndex(r *recording) error {
	names, err := backend.Names(r.t.Context(), r.storage, "index/")
	for _, name := range names {
		err = errors.Join(err, r.storage.Delete(r.t.Context(), name))
	}
	return err
}
