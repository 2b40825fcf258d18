package datastore_test

import (
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
)

// A snapshot that is held is not removed, until it is released.
func TestHold(t *testing.T) {
	y := newYard(t)
	clock := newStopped()
	y.o.Now = clock.time
	y.s = y.on(t, y.b)
	sn := y.commit("www", files{"a": noise(900, 1)})
	_, held := state(t, y.s).Held(sn, clock.now)
	require.False(t, held)
	require.ErrorIs(t, y.s.Release(t.Context(), sn), datastore.ErrNotHeld)

	require.NoError(t, y.s.Hold(t.Context(), sn, "court order", time.Time{}))
	since := clock.now
	clock.pass(1000 * time.Hour)
	for name, s := range map[string]*datastore.Store{"the same": y.s, "another": y.on(t, y.b)} {
		hold, held := state(t, s).Held(sn, clock.now)
		require.True(t, held, name)
		require.Equal(t, datastore.Hold{Reason: "court order", Since: since}, hold)
		err := s.Forget(t.Context(), sn, "test")
		require.ErrorIs(t, err, datastore.ErrHeld, name)
		var why *datastore.HeldError
		require.ErrorAs(t, err, &why)
		require.Equal(t, sn.Address(), why.Snapshot)
		require.Equal(t, hold, why.Hold)
		require.ErrorContains(t, err, sn.String()+" is held: court order")
		require.NotContains(t, err.Error(), "until")
		require.Empty(t, names(t, y.b, "pruned/"), "its copy was taken back")
		collect(t, s, sure)
		y.requireWhole()
	}

	require.NoError(t, y.s.Release(t.Context(), sn))
	require.ErrorIs(t, y.s.Release(t.Context(), sn), datastore.ErrNotHeld)
	_, held = state(t, y.on(t, y.b)).Held(sn, clock.now)
	require.False(t, held)
	y.forget(sn)
	y.requireSettled()
}

// A hold with an end ends by the clock.
func TestHoldUntil(t *testing.T) {
	y := newYard(t)
	clock := newStopped()
	y.o.Now = clock.time
	y.s = y.on(t, y.b)
	sn := y.commit("www", files{"a": noise(900, 1)})
	end := clock.now.Add(time.Hour)
	for _, past := range []time.Time{clock.now, clock.now.Add(-time.Second)} {
		require.ErrorIs(t, y.s.Hold(t.Context(), sn, "too late", past), datastore.ErrPast)
	}
	require.ErrorIs(t, y.s.Release(t.Context(), sn), datastore.ErrNotHeld, "what failed holds nothing")
	require.NoError(t, y.s.Hold(t.Context(), sn, "audit", end))
	clock.pass(time.Hour - time.Nanosecond)
	err := y.s.Forget(t.Context(), sn, "test")
	require.ErrorIs(t, err, datastore.ErrHeld)
	require.ErrorContains(t, err, "(until 2026-11-22T03:00:00Z)")
	clock.pass(time.Nanosecond)
	_, held := state(t, y.s).Held(sn, clock.now)
	require.False(t, held)
	y.forget(sn)
	y.requireSettled()
}

// Of several holds the longest counts, whatever their order; one release ends all.
func TestHoldsTogether(t *testing.T) {
	y := newYard(t)
	clock := newStopped()
	y.o.Now = clock.time
	y.s = y.on(t, y.b)
	sn := y.commit("www", files{"a": noise(900, 1)})
	in := func(d time.Duration) time.Time { return clock.now.Add(d) }
	for reason, until := range map[string]time.Time{"day": in(24 * time.Hour), "week": in(168 * time.Hour), "hour": in(time.Hour)} {
		require.NoError(t, y.s.Hold(t.Context(), sn, reason, until))
	}
	longest := func() string {
		hold, _ := state(t, y.on(t, y.b)).Held(sn, clock.now)
		return hold.Reason
	}
	require.Equal(t, "week", longest())
	require.NoError(t, y.s.Hold(t.Context(), sn, "for ever", time.Time{}))
	require.NoError(t, y.s.Hold(t.Context(), sn, "month", in(720*time.Hour)))
	require.Equal(t, "for ever", longest())
	clock.pass(2 * time.Hour)
	require.NoError(t, y.s.Release(t.Context(), sn))
	require.Empty(t, longest())
	require.NoError(t, y.s.Hold(t.Context(), sn, "again", in(time.Hour)))
	require.Equal(t, "again", longest(), "a release is of the holds there were")
	require.ErrorIs(t, y.s.Forget(t.Context(), sn, "test"), datastore.ErrHeld)
}

// One that is held among many keeps the others from nothing.
func TestForgetAllWithOneHeld(t *testing.T) {
	y := newYard(t)
	var list []datastore.Forgetting
	var all []*datastore.Snapshot
	for n := range 12 {
		sn := y.commit("www", files{"a": noise(300, byte(n))})
		all = append(all, sn)
		list = append(list, datastore.Forgetting{Snapshot: sn, Reason: "old"})
	}
	held := all[5]
	require.NoError(t, y.s.Hold(t.Context(), held, "audit", time.Time{}))
	gone, err := y.s.ForgetAll(t.Context(), list)
	require.ErrorIs(t, err, datastore.ErrHeld)
	require.ErrorContains(t, err, held.String())
	require.Len(t, gone, 11)
	require.NotContains(t, gone, held)
	for _, sn := range gone {
		delete(y.want, sn.ID)
		removal, ok := state(t, y.s).Removal(sn)
		require.True(t, ok)
		require.Equal(t, "old", removal.Reason)
	}
	_, removed := state(t, y.s).Removal(held)
	require.False(t, removed)
	require.Len(t, names(t, y.b, "pruned/"), 11)
	for _, name := range names(t, y.b, "pruned/") {
		require.NotContains(t, name, held.ID, "the copy of the one that is held was taken back")
	}
	y.requireWhole()
	y.requireSettled()
}

func TestHoldOnARemovedSnapshot(t *testing.T) {
	y := newYard(t)
	sn := y.commit("www", files{"a": noise(900, 1)})
	y.forget(sn)
	require.ErrorIs(t, y.s.Hold(t.Context(), sn, "too late", time.Time{}), datastore.ErrNoSnapshot)
}

// A hold that came too late does not keep a removal from being ended, and takes nothing away from undelete.
func TestHoldThatCameTooLateChangesNothing(t *testing.T) {

	y := newYard(t)
	sn := y.commit("www", files{"a": noise(900, 1)})
	y.forget(sn)
	require.ErrorIs(t, y.s.Hold(t.Context(), sn, "too late", time.Time{}), datastore.ErrNoSnapshot)
	require.NoError(t, y.s.Forget(t.Context(), sn, "again"), "twice is the same as once")
	_, err := y.s.FindPruned(t.Context(), sn.Address())
	require.NoError(t, err)
}

// A removal that ended after it had left its copy has removed nothing: the snapshot can be held.
func TestHoldAfterARemovalThatWasInterrupted(t *testing.T) {

	y := newYard(t)
	sn := y.commit("www", files{"a": noise(900, 1)})
	f := backendtest.New(y.b)
	f.CrashAfter(backend.KindPut, "pruned/", 1)
	require.ErrorIs(t, y.on(t, f).Forget(t.Context(), sn, "test"), backendtest.ErrCrashed)
	y.requireWhole()
	collect(t, y.s, sure)
	require.NoError(t, y.s.Hold(t.Context(), sn, "audit", time.Time{}))
}

// Whenever in a removal a hold is placed, one of the two hears of the other.
func TestHoldDuringARemoval(t *testing.T) {
	nth := 1
	for ; ; nth++ {
		y := newYard(t)
		sn := y.commit("www", files{"a": noise(900, 1)})
		f, placed := backendtest.New(y.b), false
		var held error
		beforeNth(f, nth, func() { held, placed = y.s.Hold(t.Context(), sn, "audit", time.Time{}), true })
		removed := y.on(t, f).Forget(t.Context(), sn, "test")
		if !placed {
			break
		}
		y.requireOneNotices(sn, held, removed)
	}
	require.Greater(t, nth, 6, "operations of a removal")
}

// Whenever in the placing of a hold a removal happens, one of the two hears of the other.
func TestRemovalDuringAHold(t *testing.T) {
	nth := 1
	for ; ; nth++ {
		y := newYard(t)
		sn := y.commit("www", files{"a": noise(900, 1)})
		f, done := backendtest.New(y.b), false
		var removed error
		beforeNth(f, nth, func() { removed, done = y.s.Forget(t.Context(), sn, "test"), true })
		held := y.on(t, f).Hold(t.Context(), sn, "audit", time.Time{})
		if !done {
			break
		}
		y.requireOneNotices(sn, held, removed)
	}
	require.Greater(t, nth, 4, "operations of a hold")
}

// beforeNth calls do before the nth operation.
func beforeNth(f *backendtest.Faulty, nth int, do func()) {
	var n atomic.Int64
	f.Before(func(backendtest.Call) {
		if n.Add(1) == int64(nth) {
			do()
		}
	})
}

// requireOneNotices says whether the store did what it told those who placed the hold and who removed.
func (y *yard) requireOneNotices(sn *datastore.Snapshot, held, removed error) {
	y.t.Helper()
	_, err := y.on(y.t, y.b).Find(y.t.Context(), sn.Address())
	if err != nil {
		require.ErrorIs(y.t, err, datastore.ErrNoSnapshot)
	}
	there := err == nil
	require.False(y.t, held == nil && removed == nil, "both believe that they did it")
	if held == nil {
		require.True(y.t, there, "it was held, and is gone")
	} else {
		require.ErrorIs(y.t, held, datastore.ErrNoSnapshot)
	}
	if removed == nil {
		require.False(y.t, there, "it was removed, and is there")
	} else {
		require.ErrorIs(y.t, removed, datastore.ErrHeld)
		require.True(y.t, there, "it was not removed, and is gone")
		require.Empty(y.t, names(y.t, y.b, "pruned/"))
	}
}

// Two who remove the same snapshot at once, one of whom hears of a hold, do not outwit it.
func TestHoldDuringTwoRemovals(t *testing.T) {

	y := newYard(t)
	sn := y.commit("www", files{"a": noise(900, 1)})
	outer, inner := backendtest.New(y.b), backendtest.New(y.b)
	var held, other error
	at(inner, true, backend.KindPut, "ledger/", 1, func() { // the hold is recorded: the second removal sees it
		other = y.on(t, y.b).Forget(t.Context(), sn, "second")
	})
	at(outer, false, backend.KindPut, "ledger/", 1, func() { // the first removal has seen no hold
		held = y.on(t, inner).Hold(t.Context(), sn, "audit", time.Time{})
	})
	removed := y.on(t, outer).Forget(t.Context(), sn, "first")
	require.Error(t, errors.Join(other, removed, held))
	_, err := y.on(t, y.b).Find(t.Context(), sn.Address())
	require.False(t, held == nil && err != nil, "it was held, and is gone")
}

// Holds and releases survive the records they were written in.
func TestHoldsOutliveTheirRecords(t *testing.T) {
	y := newYard(t)
	y.o.Now = steps()
	y.s = y.on(t, y.b)
	held, released := y.commit("held", files{"a": noise(900, 1)}), y.commit("released", files{"b": noise(900, 2)})
	expires := y.commit("expires", files{"c": noise(900, 3)})
	until := y.s.Now().Add(1000 * time.Hour)
	require.NoError(t, y.s.Hold(t.Context(), held, "court order", time.Time{}))
	require.NoError(t, y.s.Hold(t.Context(), released, "audit", time.Time{}))
	require.NoError(t, y.s.Hold(t.Context(), expires, "month", until))
	require.NoError(t, y.s.Release(t.Context(), released))
	before, _ := state(t, y.s).Held(held, y.s.Now())

	onlyCheckpoints(t, y, held)
	s := y.on(t, y.b)
	st := state(t, s)
	hold, is := st.Held(held, s.Now())
	require.True(t, is)
	require.Equal(t, before, hold)
	_, is = st.Held(released, s.Now())
	require.False(t, is)
	hold, is = st.Held(expires, until.Add(-time.Second))
	require.True(t, is)
	require.Equal(t, until, hold.Until)
	_, is = st.Held(expires, until)
	require.False(t, is)
	require.ErrorIs(t, s.Forget(t.Context(), held, "test"), datastore.ErrHeld)
	require.NoError(t, s.Forget(t.Context(), released, "test"))

	require.NoError(t, s.Release(t.Context(), held), "by the record that only the checkpoint knows")
	onlyCheckpoints(t, y, held)
	s = y.on(t, y.b)
	_, is = state(t, s).Held(held, s.Now())
	require.False(t, is)
	require.NoError(t, s.Forget(t.Context(), held, "test"))
}

// onlyCheckpoints has a checkpoint written and deletes all other records.
func onlyCheckpoints(t *testing.T, y *yard, sn *datastore.Snapshot) {
	t.Helper()
	before := len(checkpoints(t, y.b))
	for n := 0; len(checkpoints(t, y.b)) == before; n += 60 {
		require.Less(t, n, 1000)
		verifyAgain(t, y.on(t, y.b), sn, 60)
	}
	newest := checkpoints(t, y.b)[before]
	for _, name := range names(t, y.b, "ledger/") {
		if name < newest && !strings.HasSuffix(name, ".checkpoint") {
			require.NoError(t, y.b.Delete(t.Context(), name))
		}
	}
}
