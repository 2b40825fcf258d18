package backendtest

import (
	"context"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

var contextRules = []rule[backend.Backend]{
	{"context done", "With a context that is done every call fails with the context's error and changes nothing; a " +
		"listing yields that error, for an empty listing would be a lie.", contextDone},
	{"cancelled while listing", "A listing whose context ends halfway does not end as if it were complete.",
		cancelledWhileListing},
}

func contextDone(t tester, b backend.Backend) {
	put(t, b, "a", []byte("x"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, b.Put(ctx, "b", nil), context.Canceled)
	require.ErrorIs(t, b.Delete(ctx, "a"), context.Canceled)
	_, err := b.Get(ctx, "a", 0, -1)
	require.ErrorIs(t, err, context.Canceled)
	for _, prefix := range []string{"", "none/"} {
		_, err = backend.Names(ctx, b, prefix)
		require.ErrorIs(t, err, context.Canceled, "prefix %q", prefix)
	}
	require.Equal(t, []string{"a"}, list(t, b, ""))
}

func cancelledWhileListing(t tester, b backend.Backend) {
	names := []string{"a/1", "a/2", "b/1", "b/2"}
	putMany(t, b, names)
	for stop := 1; stop < len(names); stop++ {
		ctx, cancel := context.WithCancel(t.Context())
		seen, last := 0, error(nil)
		for _, err := range b.List(ctx, "") {
			if last = err; err != nil {
				break
			}
			if seen++; seen == stop {
				cancel()
			}
		}
		cancel()
		if seen < len(names) {
			require.ErrorIs(t, last, context.Canceled, "cancelled after %d of %d objects", stop, len(names))
		}
	}
}
