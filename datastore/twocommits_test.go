package datastore_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
)

// A session may commit twice: what the first commit found condemned or gone, the second finds out for its own snapshot.
func TestTwoCommitsWithACollectorBetween(t *testing.T) {
	secondFiles := files{"b": oldFiles["b"]} // which the first snapshot does not hold
	for name, c := range map[string]struct {
		before, between func(w *world)
		lost            bool
	}{
		"condemned before the first": {before: condemnOld},
		"condemned between them": {between: func(w *world) {
			w.forget("new") // else it would keep its packs
			w.condemn(w.old...)
		}},
		"deleted between them":                             {between: deleteOld(true), lost: true},
		"condemned before the first, deleted between them": {condemnOld, func(w *world) { w.remove("", w.old...) }, true},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.want["second"] = secondFiles
			s := begin(t, w.store)
			second, first := put(t, s, secondFiles), put(t, s, newFiles)
			w.step(c.before)
			_, err := s.Commit(t.Context(), draft("new", first))
			require.NoError(t, err)
			w.step(c.between)
			_, err = s.Commit(t.Context(), draft("second", second))
			require.NoError(t, s.Close())
			w.sweep()
			if c.lost {
				require.ErrorIs(t, err, datastore.ErrCannotStoreAgain)
				require.Empty(t, names(t, w.inside, "snapshots/dataset/second/"), "it was withdrawn")
				return
			}
			require.NoError(t, err)
			w.requirePromises(slices.Sorted(maps.Keys(w.want))...)
		})
	}
}

func (w *world) step(do func(w *world)) {
	if do != nil {
		do(w)
	}
}
