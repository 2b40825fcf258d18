package datastore_test

import (
	"context"
	"fmt"
	"iter"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
	"github.com/heirloom-backup/heirloom/datastore/internal/document"
)

// folded is what the tests read of a checkpoint.
type folded struct {
	Fold struct {
		Covers    []any    `json:"covers"`
		Lost      []string `json:"lost"`
		Snapshots []struct {
			Snapshot struct {
				ID string `json:"id"`
			} `json:"snapshot"`
		} `json:"snapshots"`
		Pruned []struct {
			ID string `json:"id"`
		} `json:"pruned"`
	} `json:"fold"`
}

// snapshots returns the ids of those that are not removed.
func (f *folded) snapshots() (ids []string) {
	for _, sn := range f.Fold.Snapshots {
		ids = append(ids, sn.Snapshot.ID)
	}
	return ids
}

func readCheckpoint(t *testing.T, b backend.Backend, name string) (f folded, size int) {
	t.Helper()
	data := readObject(t, b, name)
	_, err := document.Decode(name, data, nil, &f)
	require.NoError(t, err)
	return f, len(data)
}

// hiding leaves one object out of listings: it was put while the listing ran.
type hiding struct {
	backend.Backend
	name string
}

func (h hiding) List(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
	return func(yield func(backend.Info, error) bool) {
		for info, err := range h.Backend.List(ctx, prefix) {
			if (err != nil || info.Name != h.name) && !yield(info, err) {
				return
			}
		}
	}
}

// A record that one listing left out is there: a checkpoint does not write down that it is lost, which would be for ever.
func TestCheckpointForgetsALossThatPassed(t *testing.T) {
	b, clock := mem.New(), steps()
	require.NoError(t, datastore.Create(t.Context(), b, datastore.CreateOptions{}))
	s := open(t, b, datastore.Options{Now: clock})
	sn := commit(t, s, "www", oldFiles)
	verifyAgain(t, s, sn, 250)
	hidden := names(t, b, "ledger/")[100]
	misled := open(t, hiding{b, hidden}, datastore.Options{Now: clock})
	require.Equal(t, []string{hidden}, state(t, misled).Lost())
	verifyAgain(t, misled, sn, 10)

	require.Len(t, checkpoints(t, b), 1)
	checkpoint, _ := readCheckpoint(t, b, checkpoints(t, b)[0])
	require.Empty(t, checkpoint.Fold.Lost)
	require.Empty(t, state(t, open(t, b, datastore.Options{})).Lost())
}

// Of a removed snapshot a checkpoint keeps the id alone, so that the many that come and go cost little.
func TestCheckpointKeepsTheIDsOfRemovedSnapshots(t *testing.T) {
	const removed = 130
	b := mem.New()
	require.NoError(t, datastore.Create(t.Context(), b, datastore.CreateOptions{}))
	s := open(t, b, datastore.Options{Now: steps()})
	kept := commit(t, s, "kept", oldFiles)
	var ids []string
	for n := range removed {
		sn := commit(t, s, fmt.Sprint("w", n), files{})
		require.NoError(t, s.Forget(t.Context(), sn, "test"))
		ids = append(ids, sn.ID)
	}
	require.Len(t, checkpoints(t, b), 1)
	checkpoint, _ := readCheckpoint(t, b, checkpoints(t, b)[0])
	require.GreaterOrEqual(t, len(checkpoint.Fold.Pruned), 127, "all that were removed when it was written")
	for _, p := range checkpoint.Fold.Pruned {
		require.Contains(t, ids, p.ID)
	}
	require.LessOrEqual(t, len(checkpoint.snapshots()), 2, "the one kept, and one that was not removed yet")
	require.Contains(t, checkpoint.snapshots(), kept.ID)

	st := state(t, open(t, b, datastore.Options{}))
	require.Empty(t, st.Vanished(map[string]bool{kept.ID: true}), "removed is not vanished")
}

// A checkpoint grows by a line for each record it covers, and comes the more seldom the more it covers: what all of them
// take together grows with the ledger, not with its square.
func TestCheckpointsGrowSlowly(t *testing.T) {
	b := mem.New()
	require.NoError(t, datastore.Create(t.Context(), b, datastore.CreateOptions{}))
	s := open(t, b, datastore.Options{Now: steps()})
	sn := commit(t, s, "www", oldFiles)
	verifyAgain(t, s, sn, 2400)
	covered := 0
	for _, name := range checkpoints(t, b) {
		checkpoint, size := readCheckpoint(t, b, name)
		n := len(checkpoint.Fold.Covers)
		require.GreaterOrEqual(t, n-covered, max(250, covered/5), "records since the checkpoint before")
		require.Less(t, size, 1000+200*n)
		covered = n
	}
	require.Greater(t, covered, 1500)
}
