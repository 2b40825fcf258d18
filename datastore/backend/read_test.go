package backend_test

import (
	"context"
	"io"
	"math"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
)

func oneObject(t *testing.T, data string) *mem.Backend {
	t.Helper()
	b := mem.New()
	require.NoError(t, b.Put(t.Context(), "a", []byte(data)))
	return b
}

func TestReadAll(t *testing.T) {
	b := oneObject(t, "12345")
	for _, limit := range []int64{5, 6, math.MaxInt64} {
		got, err := backend.ReadAll(t.Context(), b, "a", limit)
		require.NoError(t, err)
		require.Equal(t, "12345", string(got))
	}
	for _, limit := range []int64{4, 0} {
		_, err := backend.ReadAll(t.Context(), b, "a", limit)
		require.ErrorIs(t, err, backend.ErrTooLarge)
		require.ErrorContains(t, err, "read a")
	}
	_, err := backend.ReadAll(t.Context(), b, "absent", 10)
	require.ErrorIs(t, err, backend.ErrNotFound)
	got, err := backend.ReadAll(t.Context(), oneObject(t, ""), "a", 0)
	require.NoError(t, err)
	require.Empty(t, got)
}

func TestReadFull(t *testing.T) {
	b := oneObject(t, "12345")
	p := make([]byte, 3)
	require.NoError(t, backend.ReadFull(t.Context(), b, "a", 2, p))
	require.Equal(t, "345", string(p))
	require.NoError(t, backend.ReadFull(t.Context(), b, "a", 9, nil), "nothing is always there")
	for offset, came := range map[int64]string{3: "2 of 3 bytes", 5: "0 of 3 bytes", 99: "0 of 3 bytes"} {
		err := backend.ReadFull(t.Context(), b, "a", offset, p)
		require.ErrorIs(t, err, backend.ErrShort)
		require.ErrorContains(t, err, came)
	}
	require.ErrorIs(t, backend.ReadFull(t.Context(), b, "absent", 0, nil), backend.ErrNotFound)
}

func TestReadErrorsAreNotShortObjects(t *testing.T) {
	for name, read := range map[string]func(backend.Backend) error{
		"all": func(b backend.Backend) error {
			_, err := backend.ReadAll(t.Context(), b, "a", 100)
			return err
		},
		"full": func(b backend.Backend) error { return backend.ReadFull(t.Context(), b, "a", 0, make([]byte, 10)) },
	} {
		t.Run(name, func(t *testing.T) {
			f := backendtest.New(oneObject(t, "12345"))
			f.FailAfter(backendtest.Get, "", 1, errNetwork)
			err := read(f)
			require.ErrorIs(t, err, errNetwork)
			require.NotErrorIs(t, err, backend.ErrShort)
		})
	}
}

// brokenOff fails after its first two bytes as a connection that broke does.
type brokenOff struct{ backend.Backend }

func (b brokenOff) Get(ctx context.Context, name string, offset, length int64) (io.ReadCloser, error) {
	r, err := b.Backend.Get(ctx, name, offset, min(length, 2))
	if err != nil {
		return nil, err
	}
	return struct {
		io.Reader
		io.Closer
	}{io.MultiReader(r, iotest.ErrReader(io.ErrUnexpectedEOF)), r}, nil
}

// Only where the reader says io.EOF does the object end: io.ErrUnexpectedEOF is what a broken connection says.
func TestBrokenConnectionIsNotAShortObject(t *testing.T) {
	err := backend.ReadFull(t.Context(), brokenOff{oneObject(t, "12345")}, "a", 0, make([]byte, 5))
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	require.NotErrorIs(t, err, backend.ErrShort)
	require.ErrorContains(t, err, "read a: 2 of 5 bytes")
}

func TestNamesAreCompleteOrAnError(t *testing.T) {
	b := oneObject(t, "")
	require.NoError(t, b.Put(t.Context(), "b/1", nil))
	names, err := backend.Names(t.Context(), b, "b/")
	require.NoError(t, err)
	require.Equal(t, []string{"b/1"}, names)

	f := backendtest.New(b)
	f.Cut("", 1, 1, errNetwork)
	names, err = backend.Names(t.Context(), f, "")
	require.ErrorIs(t, err, errNetwork)
	require.Empty(t, names)
}
