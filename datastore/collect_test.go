package datastore_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
)

func collect(t testing.TB, s *datastore.Store, o datastore.CollectOptions) *datastore.Collection {
	t.Helper()
	c, err := s.Collect(t.Context(), o)
	require.NoError(t, err)
	return c
}

func forget(t testing.TB, s *datastore.Store, list ...*datastore.Snapshot) {
	t.Helper()
	for _, sn := range list {
		require.NoError(t, s.Forget(t.Context(), sn, "test"))
	}
}

// packBytes returns the sizes of all packs.
func packBytes(t testing.TB, b backend.Backend) (sum int64) {
	t.Helper()
	for info, err := range b.List(t.Context(), "packs/") {
		require.NoError(t, err)
		sum += info.Size
	}
	return sum
}

// days are the files of a few days in a row: each shares half of its content with the one before.
func days(n int) (list []files) {
	for i := range n {
		list = append(list, files{
			"a": noise(20_000, byte(i)), "b": noise(20_000, byte(i+1)), "same": noise(9_000, 200),
		})
	}
	return list
}

// saved commits files day by day.
func saved(t testing.TB, s *datastore.Store, list []files) (all []*datastore.Snapshot) {
	t.Helper()
	for _, f := range list {
		all = append(all, commit(t, s, "www", f))
	}
	return all
}

func TestCollect(t *testing.T) {
	eachBackend(t, func(t *testing.T, b backend.Backend) {
		s := create(t, b)
		want := days(6)
		all := saved(t, s, want)
		require.Zero(t, *collect(t, s, datastore.CollectOptions{}), "there is nothing to do")

		forget(t, s, all[0], all[1], all[3])
		plan, err := s.PlanCollection(t.Context(), datastore.CollectOptions{})
		require.NoError(t, err)
		before := packBytes(t, b)
		c := collect(t, s, datastore.CollectOptions{})
		after := packBytes(t, b)
		require.Positive(t, c.PacksRemoved)
		require.Positive(t, c.ChunksRemoved)
		require.Equal(t, before-after, c.BytesFreed())
		require.Equal(t, c.BytesFreed(), plan.BytesFreed, "the plan is exact")
		require.Equal(t, c.ChunksRemoved, plan.ChunksRemoved)
		require.Equal(t, c.PacksRemoved, plan.PacksRemoved)
		for _, prefix := range []string{"condemned/", "waits/", "sessions/", "beats/"} {
			require.Empty(t, names(t, b, prefix))
		}
		for name, s := range map[string]*datastore.Store{"the same": s, "another": open(t, b, datastore.Options{})} {
			for i, sn := range list(t, s, datastore.Filter{}) {
				requireFiles(t, s, sn.Root, want[[]int{2, 4, 5}[i]])
			}
			found, err := s.CheckObjects(t.Context())
			require.NoError(t, err)
			require.Empty(t, found, name)
		}
		require.Zero(t, *collect(t, s, datastore.CollectOptions{}), "there is nothing left to do")
	})
}

// Once nothing holds it, all space comes back.
func TestCollectEverything(t *testing.T) {
	for name, b := range map[string]*mem.Backend{"plain": mem.New(), "encrypted": encrypted().Clone()} {
		t.Run(name, func(t *testing.T) {
			o := datastore.Options{}
			if name == "encrypted" {
				o.Passphrase = passphrase
			} else {
				create(t, b)
			}
			s := open(t, b, o)
			want := days(4)
			all := saved(t, s, want)
			for i, sn := range all {
				forget(t, s, sn)
				collect(t, s, datastore.CollectOptions{})
				for k, left := range list(t, s, datastore.Filter{}) {
					requireFiles(t, s, left.Root, want[i+1+k])
				}
			}
			require.Empty(t, names(t, b, "packs/"))
			require.Empty(t, names(t, b, "pruned/"), "nothing can be brought back")
		})
	}
}

func TestUndelete(t *testing.T) {
	b := mem.New()
	s := create(t, b)
	want := days(3)
	all := saved(t, s, want)
	forget(t, s, all[1])
	gone, err := s.FindPruned(t.Context(), all[1].Address())
	require.NoError(t, err)
	back, err := s.Undelete(t.Context(), gone)
	require.NoError(t, err)
	require.Equal(t, all[1].Address(), back.Address())
	require.NotEqual(t, all[1].ID, back.ID)
	require.Len(t, list(t, s, datastore.Filter{}), 3)
	requireFiles(t, s, back.Root, want[1])
	require.Empty(t, names(t, b, "pruned/"))

	other := commit(t, s, "other", files{"unlike": noise(9_000, 99)})
	forget(t, s, other)
	collect(t, s, datastore.CollectOptions{})
	_, err = s.Undelete(t.Context(), other)
	require.ErrorIs(t, err, datastore.ErrTooLate)
	_, err = s.FindPruned(t.Context(), other.Address())
	require.ErrorIs(t, err, datastore.ErrNoSnapshot)
}
