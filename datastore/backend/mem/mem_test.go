package mem_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
)

func TestConformance(t *testing.T) {
	backendtest.Run(t, func(*testing.T) backend.Backend { return mem.New() })
}

func TestCloneLivesItsOwnLife(t *testing.T) {
	ctx := t.Context()
	b := mem.New()
	require.NoError(t, b.Put(ctx, "a", []byte("x")))
	clone := b.Clone()
	require.NoError(t, b.Put(ctx, "b", nil))
	require.NoError(t, clone.Delete(ctx, "a"))
	require.NoError(t, clone.Put(ctx, "c", nil))

	names, err := backend.Names(ctx, b, "")
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"a", "b"}, names)
	names, err = backend.Names(ctx, clone, "")
	require.NoError(t, err)
	require.Equal(t, []string{"c"}, names)
}

func Example() {
	ctx := context.Background()
	b := mem.New()
	_ = b.Put(ctx, "packs/ab/1", []byte("data"))
	crashed := b.Clone() // what a crash would leave
	_ = b.Put(ctx, "index/1", []byte("more"))
	names, err := backend.Names(ctx, crashed, "")
	fmt.Println(names, err)
	// Output: [packs/ab/1] <nil>
}
