package backend_test

import (
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
)

// observed returns a backend whose clock advances by a second at each look, and what is reported of it.
func observed(b backend.Backend) (backend.Backend, *[]backend.Op) {
	var reports []backend.Op
	now := time.Unix(0, 0)
	clock := func() time.Time {
		now = now.Add(time.Second)
		return now
	}
	return backend.Observe(b, clock, func(op backend.Op) { reports = append(reports, op) }), &reports
}

func TestObserve(t *testing.T) {
	ctx := t.Context()
	b, reports := observed(mem.New())
	require.NoError(t, b.Put(ctx, "a/1", []byte("12345")))
	require.ErrorIs(t, b.Put(ctx, "a/1", []byte("12345")), backend.ErrExist)
	_, err := backend.ReadAll(ctx, b, "a/1", 100)
	require.NoError(t, err)
	_, err = b.Get(ctx, "absent", 0, -1)
	require.ErrorIs(t, err, backend.ErrNotFound)
	_, err = backend.Names(ctx, b, "a/")
	require.NoError(t, err)
	require.NoError(t, b.Delete(ctx, "a/1"))

	want := []backend.Op{
		{Kind: backend.KindPut, Name: "a/1", Bytes: 5},
		{Kind: backend.KindPut, Name: "a/1", Err: backend.ErrExist},
		{Kind: backend.KindGet, Name: "a/1", Bytes: 5},
		{Kind: backend.KindGet, Name: "absent", Err: backend.ErrNotFound},
		{Kind: backend.KindList, Name: "a/"},
		{Kind: backend.KindDelete, Name: "a/1"},
	}
	require.Len(t, *reports, len(want))
	for i, op := range *reports {
		require.ErrorIs(t, op.Err, want[i].Err)
		require.Equal(t, time.Second, op.Duration)
		op.Err, op.Duration, want[i].Err = nil, 0, nil
		require.Equal(t, want[i], op)
	}
}

func TestObserveReportsAReaderOnceWhenItIsClosed(t *testing.T) {
	inside := mem.New()
	require.NoError(t, inside.Put(t.Context(), "a", []byte("12345")))
	b, reports := observed(inside)
	r, err := b.Get(t.Context(), "a", 1, 3)
	require.NoError(t, err)
	_, err = io.ReadFull(r, make([]byte, 2))
	require.NoError(t, err)
	require.Empty(t, *reports)
	require.NoError(t, r.Close())
	require.NoError(t, r.Close())
	require.Equal(t, []backend.Op{{Kind: backend.KindGet, Name: "a", Bytes: 2, Duration: time.Second}}, *reports)
}

func TestObserveReportsErrorsMidway(t *testing.T) {
	inside := mem.New()
	require.NoError(t, inside.Put(t.Context(), "a", []byte("12345")))
	f := backendtest.New(inside)
	b, reports := observed(f)
	r, err := b.Get(t.Context(), "a", 0, -1)
	require.NoError(t, err)
	f.Cut("", 1, 1, errNetwork)
	_, err = backend.Names(t.Context(), b, "")
	require.ErrorIs(t, err, errNetwork)
	f.Crash()
	_, err = io.ReadAll(r)
	require.ErrorIs(t, err, backendtest.ErrCrashed)
	require.NoError(t, r.Close())
	require.Len(t, *reports, 2)
	require.ErrorIs(t, (*reports)[0].Err, errNetwork)
	require.ErrorIs(t, (*reports)[1].Err, backendtest.ErrCrashed)
}

func TestObserveTakesLeavingAListingForNoError(t *testing.T) {
	inside := mem.New()
	require.NoError(t, inside.Put(t.Context(), "a", nil))
	b, reports := observed(inside)
	for range b.List(t.Context(), "") {
		break
	}
	require.Equal(t, []backend.Op{{Kind: backend.KindList, Duration: time.Second}}, *reports)
}
