//go:build linux

package endtoend

import (
	"context"
	"fmt"
	"time"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
	"github.com/heirloom-backup/heirloom/datastore/verify"
)

// survivor is a store as a power loss left it.
type survivor struct {
	*recording
	*promises
	storage *mem.Backend
	sources []saved
	cache   string               // of the machine that goes on with it; "": it has none
	fresh   map[chunk.ID]tableau // as want, of what is saved in the end
}

// judge says what is wrong with the store, and with what can be done with it from now on.
func (s *survivor) judge(ctx context.Context) error {
	if err := s.sound(ctx); err != nil {
		return err
	}
	if err := s.bringsBack(ctx); err != nil {
		return err
	}
	if err := s.goesOn(ctx); err != nil {
		return fmt.Errorf("life does not go on: %w", err)
	}
	return nil
}

// sound verifies everything, reads every snapshot, and compares what is there with what was promised.
func (s *survivor) sound(ctx context.Context) error {
	return s.visit(s.storage, func(store *datastore.Store) error {
		rep, err := verify.Run(ctx, store, verify.Options{Readers: 1})
		if err == nil {
			err = s.clean(rep)
		}
		if err != nil {
			return err
		}
		present, err := s.present(ctx, store)
		if err != nil {
			return err
		}
		state, err := store.State(ctx)
		if err != nil {
			return err
		}
		return s.keeps(present, state)
	})
}

// visit opens a store for a moment, as a new process does.
func (s *survivor) visit(b backend.Backend, do func(*datastore.Store) error) error {
	r := &recording{t: s.t, backend: b, options: s.options}
	r.options.CacheDir = s.cache
	return r.do(do)
}

// clean checks what verification says.
func (s *survivor) clean(rep *verify.Report) error {
	for _, res := range rep.Results {
		if res.Outcome != datastore.OutcomeOK && (!s.hurt || res.Outcome != datastore.OutcomeCorrupt) {
			return fmt.Errorf("%s is %s: %v", res.Address, res.Outcome, res.Damage)
		}
	}
	for _, d := range rep.Damaged {
		if !s.litter || d.Object != s.spoiled {
			return fmt.Errorf("%s is damaged: %s", d.Object, d.Reason)
		}
	}
	if len(rep.Notes) > 0 {
		return fmt.Errorf("the results could not be recorded: %v", rep.Notes)
	}
	return nil
}

// present reads every snapshot that is listed, bit for bit, and returns them by ID.
func (s *survivor) present(ctx context.Context, store *datastore.Store) (map[string]*datastore.Snapshot, error) {
	found := map[string]*datastore.Snapshot{}
	for sn, err := range store.Snapshots(ctx, datastore.Filter{}) {
		if err != nil {
			return nil, err
		}
		found[sn.ID] = sn
		if err := s.same(store, sn); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func (s *survivor) same(store *datastore.Store, sn *datastore.Snapshot) error {
	want := s.want[sn.Root]
	if want == nil {
		want = s.fresh[sn.Root]
	}
	if want == nil {
		return fmt.Errorf("%s has a root that nobody saved", sn)
	}
	got := (&patient{t: s.t}).recover(store, sn)
	if wrong := got.wrong(want); len(wrong) > 0 {
		return fmt.Errorf("%s reads as something else: %s", sn, wrong[0])
	}
	if len(got.failed) > 0 && !s.hurt {
		return fmt.Errorf("%s cannot be read: %q", sn, got.failed)
	}
	return nil
}

// keeps compares what there is with what was promised.
func (s *survivor) keeps(present map[string]*datastore.Snapshot, state *datastore.State) error {
	for _, id := range all(s.kept) {
		if present[id] == nil {
			return fmt.Errorf("%s was committed, and is not there", s.known[id])
		}
	}
	for _, id := range all(s.gone) {
		if present[id] != nil {
			return fmt.Errorf("%s was removed, and is there", s.known[id])
		}
	}
	now := time.Now()
	for _, id := range all(s.held) {
		if _, is := state.Held(s.known[id], now); !is {
			return fmt.Errorf("%s is not held", s.known[id])
		}
	}
	for _, id := range all(s.free) {
		if _, is := state.Held(s.known[id], now); is {
			return fmt.Errorf("%s was released, and is held", s.known[id])
		}
	}
	return nil
}
