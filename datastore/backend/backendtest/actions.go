package backendtest

import (
	"bytes"
	"io"
	"math/rand/v2"
	"slices"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

// put stores an object, or ends the test.
func put(t tester, b backend.Backend, name string, data []byte) {
	t.Helper()
	require.NoError(t, b.Put(t.Context(), name, data))
}

// putMany stores empty objects under all names, several at once because each may wait for a disk.
func putMany(t tester, b backend.Backend, names []string) {
	t.Helper()
	var group errgroup.Group
	group.SetLimit(32)
	for _, name := range names {
		group.Go(func() error { return b.Put(t.Context(), name, nil) })
	}
	require.NoError(t, group.Wait())
}

// read returns a range of an object, or ends the test.
func read(t tester, b backend.Backend, name string, offset, length int64) []byte {
	t.Helper()
	r, err := b.Get(t.Context(), name, offset, length)
	require.NoError(t, err)
	data, err := io.ReadAll(r)
	require.NoError(t, err)
	require.NoError(t, r.Close())
	return data
}

// requireObject checks an object's whole content. Large contents are compared without being printed.
func requireObject(t tester, b backend.Backend, name string, want []byte) {
	t.Helper()
	got := read(t, b, name, 0, -1)
	require.True(t, bytes.Equal(want, got), "%s: %d bytes were put, %d other bytes came back", name, len(want), len(got))
}

// requireAbsent checks that an object is neither readable nor listed.
func requireAbsent(t tester, b backend.Backend, name string) {
	t.Helper()
	_, err := b.Get(t.Context(), name, 0, -1)
	require.ErrorIs(t, err, backend.ErrNotFound)
	require.NotContains(t, list(t, b, ""), name)
}

// list returns the sorted names below prefix, or ends the test.
func list(t tester, b backend.Backend, prefix string) []string {
	t.Helper()
	names, err := backend.Names(t.Context(), b, prefix)
	require.NoError(t, err)
	slices.Sort(names)
	return names
}

// noise returns n bytes that do not repeat, the same for the same seed.
func noise(n int, seed uint64) []byte {
	var key [32]byte
	key[0], key[1] = byte(seed), byte(seed>>8)
	data := make([]byte, n)
	_, _ = rand.NewChaCha8(key).Read(data) // never fails
	return data
}
