package backend_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
)

func TestWrappersKeepEveryRule(t *testing.T) {
	for name, wrap := range map[string]func(backend.Backend) backend.Backend{
		"retry":   func(b backend.Backend) backend.Backend { return backend.Retry(b, backend.RetryOptions{}) },
		"observe": func(b backend.Backend) backend.Backend { return backend.Observe(b, nil, func(backend.Op) {}) },
	} {
		t.Run(name, func(t *testing.T) {
			backendtest.Run(t, func(*testing.T) backend.Backend { return wrap(mem.New()) })
		})
	}
}

func TestReadOnly(t *testing.T) {
	inside := mem.New()
	require.NoError(t, inside.Put(t.Context(), "a", []byte("x")))
	b := backend.ReadOnly(inside)
	require.ErrorIs(t, b.Put(t.Context(), "b", nil), backend.ErrReadOnly)
	require.ErrorIs(t, b.Delete(t.Context(), "a"), backend.ErrReadOnly)
	got, err := backend.ReadAll(t.Context(), b, "a", 10)
	require.NoError(t, err)
	require.Equal(t, "x", string(got))
	names, err := backend.Names(t.Context(), b, "")
	require.NoError(t, err)
	require.Equal(t, []string{"a"}, names)
}

// disk is a backend with both optional abilities.
type disk struct {
	*mem.Backend
	free int64
	err  error
}

func (d disk) Free(context.Context) (int64, error) { return d.free, d.err }
func (d disk) Dir() string                         { return "/backup" }

func wrapped(b backend.Backend) backend.Backend {
	b = backend.Retry(backend.ReadOnly(b), backend.RetryOptions{})
	return backend.Observe(backendtest.New(b), time.Now, func(backend.Op) {})
}

func TestFree(t *testing.T) {
	failed := errors.New("cannot ask")
	for name, c := range map[string]struct {
		b     backend.Backend
		free  int64
		known bool
		err   error
	}{
		"a disk":                 {disk{mem.New(), 42, nil}, 42, true, nil},
		"a full disk":            {disk{mem.New(), 0, nil}, 0, true, nil},
		"no disk":                {mem.New(), 0, false, nil},
		"a platform without it":  {disk{mem.New(), 0, errors.ErrUnsupported}, 0, false, nil},
		"a disk that is failing": {disk{mem.New(), 0, failed}, 0, false, failed},
	} {
		t.Run(name, func(t *testing.T) {
			for _, b := range []backend.Backend{c.b, wrapped(c.b)} {
				free, known, err := backend.Free(t.Context(), b)
				require.Equal(t, c.free, free)
				require.Equal(t, c.known, known)
				require.ErrorIs(t, err, c.err)
			}
		})
	}
}

func TestLocalDir(t *testing.T) {
	dir, ok := backend.LocalDir(wrapped(disk{Backend: mem.New()}))
	require.True(t, ok)
	require.Equal(t, "/backup", dir)
	_, ok = backend.LocalDir(wrapped(mem.New()))
	require.False(t, ok)
}
