package backendtest

import (
	"math"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

var getRules = []rule[backend.Backend]{
	{"ranges", "Get returns exactly the bytes from offset, as many as asked for or as there are; beyond the end it " +
		"returns none, without an error.", ranges},
	{"negative offset", "An offset below 0 is a caller's mistake and fails.", negativeOffset},
	{"absent object", "Get of an object that does not exist fails with ErrNotFound at once, not at the first Read, and " +
		"also when no bytes are asked for.", absentObject},
	{"folder is no object", "A name that only begins other names is not an object: Get and Delete treat it as absent.",
		folderIsNoObject},
}

func ranges(t tester, b backend.Backend) {
	const size = 1000
	data := noise(size, 4)
	put(t, b, "object", data)
	for _, r := range []struct{ offset, length int64 }{
		{0, -1}, {0, size}, {0, 1}, {1, 998}, {999, 1}, {500, -1}, // inside
		{0, 0}, {500, 0}, {1000, 0}, // nothing
		{0, size + 1}, {999, 2}, {500, math.MaxInt64}, // over the end
		{1000, 1}, {1000, -1}, {5000, 10}, {math.MaxInt64, 1}, {math.MaxInt64, -1}, // beyond
	} {
		from := min(r.offset, size)
		until := int64(size)
		if r.length >= 0 && r.length < size-from {
			until = from + r.length
		}
		got := read(t, b, "object", r.offset, r.length)
		require.Equal(t, string(data[from:until]), string(got), "offset %d, length %d", r.offset, r.length)
	}
}

func negativeOffset(t tester, b backend.Backend) {
	put(t, b, "object", []byte("data"))
	_, err := b.Get(t.Context(), "object", -1, 1)
	require.Error(t, err)
	require.NotErrorIs(t, err, backend.ErrNotFound)
}

func absentObject(t tester, b backend.Backend) {
	put(t, b, "there/is", []byte("one"))
	for _, name := range []string{"absent", "there/absent", "no/such/folder", "there/is.not"} {
		for _, length := range []int64{-1, 0, 10} {
			_, err := b.Get(t.Context(), name, 0, length)
			require.ErrorIs(t, err, backend.ErrNotFound, "%s, length %d", name, length)
		}
	}
}

func folderIsNoObject(t tester, b backend.Backend) {
	put(t, b, "folder/sub/object", []byte("data"))
	for _, name := range []string{"folder", "folder/sub"} {
		_, err := b.Get(t.Context(), name, 0, -1)
		require.ErrorIs(t, err, backend.ErrNotFound, name)
		require.NoError(t, b.Delete(t.Context(), name))
	}
	require.NoError(t, b.Delete(t.Context(), "folder/sub/object"))
	require.NoError(t, b.Delete(t.Context(), "folder/sub"))
	put(t, b, "folder/sub/other", []byte("data"))
	require.Equal(t, []string{"folder/sub/other"}, list(t, b, ""))
}
