package verify_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
	"github.com/heirloom-backup/heirloom/datastore/verify"
)

func TestVerifyAnEmptyStore(t *testing.T) {
	r := run(t, create(t, mem.New()), verify.Options{})
	require.True(t, r.Clean())
	require.Empty(t, r.Results)
}

func TestVerifyWhatIsWhole(t *testing.T) {
	eachBackend(t, func(t *testing.T, b backend.Backend) {
		s := create(t, b)
		sn := save(t, s, "www", tree())
		progress := &verify.Progress{}
		r := run(t, s, verify.Options{Job: "weekly", Progress: progress})
		require.True(t, r.Clean(), "%+v", r)
		require.Len(t, r.Results, 1)
		res := r.Results[0]
		require.Equal(t, sn.Address(), res.Address)
		require.Equal(t, datastore.OutcomeOK, res.Outcome)
		require.Equal(t, sn.Stats.BytesSource, res.Bytes)
		require.Equal(t, sn.Stats.Chunks, res.Chunks)
		require.Empty(t, res.Damage)
		c := progress.Counters()
		require.Equal(t, c.Packs, c.PacksDone)
		require.GreaterOrEqual(t, c.Bytes, sn.Stats.BytesSource)

		state, err := s.State(t.Context())
		require.NoError(t, err)
		v, ok := state.Verified(sn)
		require.True(t, ok, "it is recorded")
		require.Equal(t, datastore.OutcomeOK, v.Outcome)
		require.Equal(t, "weekly", v.Job)
	})
}

func TestVerifyChosenSnapshotsOnly(t *testing.T) {
	b := mem.New()
	s := create(t, b)
	one := save(t, s, "one", tree())
	first := packs(t, b, false)
	save(t, s, "two", map1("other", noise(pieceSize, 7)))
	flip(t, b, packs(t, b, false, first...)[0], 50)
	r := run(t, s, verify.Options{Snapshots: []*datastore.Snapshot{one}})
	require.True(t, r.Clean(), "the damage is another's: %+v", r)
	require.Len(t, r.Results, 1)
	require.False(t, run(t, s, verify.Options{}).Clean())
}

func TestVerifyOlderThan(t *testing.T) {
	b := mem.New()
	create(t, b)
	now := time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC)
	s := open(t, b, datastore.Options{Now: func() time.Time { return now }})
	save(t, s, "one", tree())
	require.Len(t, run(t, s, verify.Options{}).Results, 1)
	now = now.Add(time.Hour)
	save(t, s, "two", tree())
	r := run(t, s, verify.Options{OlderThan: 2 * time.Hour})
	require.Equal(t, int64(1), r.Skipped)
	require.Equal(t, "two", r.Results[0].Address.Name)
	now = now.Add(3 * time.Hour)
	r = run(t, s, verify.Options{OlderThan: 2 * time.Hour, NoRecord: true})
	require.Zero(t, r.Skipped)
	require.Len(t, r.Results, 2)
	require.Len(t, run(t, s, verify.Options{OlderThan: 2 * time.Hour}).Results, 2, "the last run was not recorded")
}

// What was found damaged is verified again, however short a time ago.
func TestVerifyOlderThanNeverSkipsDamage(t *testing.T) {
	b := mem.New()
	s := create(t, b)
	save(t, s, "one", tree())
	flip(t, b, packs(t, b, false)[0], 50)
	require.False(t, run(t, s, verify.Options{}).Clean())
	r := run(t, s, verify.Options{OlderThan: time.Hour})
	require.Zero(t, r.Skipped)
	require.False(t, r.Clean())
}

// A store that cannot be written to is verified all the same, and it is said that nothing was recorded.
func TestVerifyAReadOnlyStore(t *testing.T) {
	b := mem.New()
	save(t, create(t, b), "www", tree())
	s := open(t, backend.ReadOnly(b), datastore.Options{})
	r := run(t, s, verify.Options{})
	require.True(t, r.Clean())
	require.Len(t, r.Notes, 1)
	require.Contains(t, r.Notes[0].Reason, "read-only")
	require.Empty(t, run(t, s, verify.Options{NoRecord: true}).Notes)
}

// Storage that cannot be asked is an error and never a result.
func TestVerifyWhenTheStorageFails(t *testing.T) {
	b := mem.New()
	save(t, create(t, b), "www", tree())
	for _, c := range []struct {
		kind   backend.Kind
		prefix string
	}{
		{backendtest.List, "ledger/"}, {backendtest.Get, "ledger/"}, {backendtest.List, "snapshots/"},
		{backendtest.Get, "snapshots/"}, {backendtest.List, "packs/"}, {backendtest.List, "condemned/"},
		{backendtest.Get, "packs/"}, {backendtest.Get, "index/"}, {backendtest.Get, "heirloom.json"},
	} {
		for nth := 1; nth <= 3; nth++ {
			t.Run(string(c.kind)+" "+c.prefix, func(t *testing.T) {
				f := backendtest.New(b.Clone())
				s := open(t, f, datastore.Options{})
				f.Fail(c.kind, c.prefix, nth, nil)
				before := f.Count(c.kind, c.prefix)
				r, err := verify.Run(t.Context(), s, verify.Options{})
				if f.Count(c.kind, c.prefix)-before < nth {
					require.NoError(t, err)
					return // it was not asked that often
				}
				if err == nil { // only the recording, which comes last, may fail without failing the run
					require.Len(t, r.Notes, 1)
					require.True(t, r.Clean())
					return
				}
				require.ErrorIs(t, err, backendtest.ErrInjected)
				require.Nil(t, r)
				require.Zero(t, f.Count(backendtest.Put, "ledger/"), "nothing is recorded")
			})
		}
	}
}

// A snapshot that is removed while the store is verified is neither missing nor damaged.
func TestSnapshotForgottenWhileItIsVerified(t *testing.T) {
	for _, prefix := range []string{"ledger/", "snapshots/", "packs/"} {
		b := mem.New()
		create(t, b)
		s := open(t, b, datastore.Options{})
		sn := save(t, s, "www", tree())
		save(t, s, "other", tree())
		f := backendtest.New(b)
		done := false
		f.After(func(c backendtest.Call) {
			if !done && c.Kind == backendtest.List && strings.HasPrefix(c.Name, prefix) {
				done = true
				require.NoError(t, s.Forget(t.Context(), sn, "test"))
				save(t, s, "new", tree())
			}
		})
		r := run(t, open(t, f, datastore.Options{}), verify.Options{})
		require.True(t, done)
		require.True(t, r.Clean(), "after the listing of %s: %+v", prefix, r)
	}
}

// Removed and collected while the store is verified: what is gone is no damage.
func TestSnapshotCollectedWhileItIsVerified(t *testing.T) {
	b := mem.New()
	s := create(t, b)
	sn := save(t, s, "www", tree())
	save(t, s, "other", map1("other", []byte("other")))
	f := backendtest.New(b)
	done := false
	f.Before(func(c backendtest.Call) {
		if done || c.Kind != backendtest.List || c.Name != "" {
			return
		}
		done = true // the trees are surveyed, the packs not yet read
		require.NoError(t, s.Forget(t.Context(), sn, "test"))
		for _, object := range append(packs(t, b, false), packs(t, b, true)...) {
			if len(readObject(t, b, object)) > pieceSize {
				require.NoError(t, b.Delete(t.Context(), object))
			}
		}
	})
	r := run(t, open(t, f, datastore.Options{}), verify.Options{})
	require.True(t, done)
	require.True(t, r.Clean(), "%+v", r)
	require.Len(t, r.Results, 1)
}
