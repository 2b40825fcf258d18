//go:build linux

package endtoend

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
	"github.com/heirloom-backup/heirloom/datastore/backend/dirstore"
	"github.com/heirloom-backup/heirloom/datastore/backup"
	"github.com/heirloom-backup/heirloom/datastore/backup/source"
	"github.com/heirloom-backup/heirloom/datastore/verify"
	"github.com/heirloom-backup/heirloom/restore"
)

// TestFaults runs everything over storage that fails at random, before or after it has done what it was asked for. A
// backup fails or can be restored; a restore fails or is exact; and what cannot be asked is never called damaged.
func TestFaults(t *testing.T) {
	l := newLand(t, t.TempDir())
	l.crowd("small", 40)
	l.file("large", l.noise(2<<20))
	trials := &trials{t: t, source: l.dir, want: look(t, l.dir), counts: map[string]int{}}
	random := luck(t)
	wanted := sampled(16, 400)
	for i := 0; i < wanted || !trials.seenAll() && i < luckless*wanted; i++ {
		trials.run(random.Uint64(), []float64{0.003, 0.01, 0.03, 0.1}[i%4], i%2 == 1)
	}
	t.Log(trials.counts)
	require.True(t, trials.seenAll(), "each of the three must have worked, and must have failed: %v", trials.counts)
}

// trials counts how they went.
type trials struct {
	t      *testing.T
	source string
	want   tableau
	counts map[string]int
}

// seenAll says whether each operation has worked at least once, and failed.
func (tr *trials) seenAll() bool {
	for _, what := range []string{"backup", "verify", "restore"} {
		if tr.counts[what+" works"] == 0 || tr.counts[what+" fails"] == 0 {
			return false
		}
	}
	return true
}

func (tr *trials) count(what string, err error) {
	if err == nil {
		tr.counts[what+" works"]++
	} else {
		tr.counts[what+" fails"]++
	}
}

// run makes one store and works with it while a call in 1/p fails.
func (tr *trials) run(seed uint64, p float64, retry bool) {
	t := tr.t
	what := fmt.Sprintf("seed %d, p %v, retry %v", seed, p, retry)
	dir := filepath.Join(t.TempDir(), "store")
	defer os.RemoveAll(dir)
	sound, err := dirstore.Open(dir, dirstore.Options{Create: true})
	require.NoError(t, err)
	defer sound.Close()
	require.NoError(t, datastore.Create(t.Context(), sound, datastore.CreateOptions{}))
	faulty := backendtest.New(sound)
	faulty.Random(seed, p, nil)
	var b backend.Backend = faulty
	if retry {
		b = backend.Retry(faulty, backend.RetryOptions{Wait: time.Nanosecond, MaxWait: time.Nanosecond})
	}
	var saved int
	for range 3 {
		saved += tr.backup(b, what)
	}
	tr.whole(sound, saved, what)
	for range 4 {
		tr.verify(b, what)
		tr.restore(b, what)
	}
}

// backup tries one, and returns 1 if it said that it has worked.
func (tr *trials) backup(b backend.Backend, what string) int {
	store, err := datastore.Open(tr.t.Context(), b, datastore.Options{})
	if err == nil {
		_, err = backup.Run(tr.t.Context(), store, source.Folder(tr.source, source.FolderOptions{}), backup.Options{})
		require.NoError(tr.t, store.Close(), what)
	}
	tr.count("backup", err)
	if err != nil {
		require.ErrorIs(tr.t, err, backendtest.ErrInjected, what)
		return 0
	}
	return 1
}

// whole checks, over storage that works again, that there are at least so many snapshots and that all are whole.
func (tr *trials) whole(b backend.Backend, atLeast int, what string) {
	t := tr.t
	store, err := datastore.Open(t.Context(), b, datastore.Options{})
	require.NoError(t, err, what)
	defer store.Close()
	report, err := verify.Run(t.Context(), store, verify.Options{})
	require.NoError(t, err, what)
	require.True(t, report.Clean(), "%s: %+v", what, report)
	require.GreaterOrEqual(t, len(report.Results), atLeast, what)
	for sn, err := range store.Snapshots(t.Context(), datastore.Filter{}) {
		require.NoError(t, err, what)
		tr.exact(store, sn, what)
	}
}

func (tr *trials) exact(store *datastore.Store, sn *datastore.Snapshot, what string) {
	require.NoError(tr.t, tr.restoreOne(store, sn, what), what)
}

// restoreOne restores a snapshot and, if that says to have worked, compares.
func (tr *trials) restoreOne(store *datastore.Store, sn *datastore.Snapshot, what string) error {
	dest, err := os.MkdirTemp("", "heirloom-faults-")
	require.NoError(tr.t, err)
	defer os.RemoveAll(dest)
	result, err := restore.Tree(tr.t.Context(), store, sn.Root, dest, restore.Options{NoSync: true})
	if err != nil {
		return err
	}
	require.Empty(tr.t, result.Warnings, what)
	requireSame(tr.t, tr.want, look(tr.t, dest))
	return nil
}

func (tr *trials) verify(b backend.Backend, what string) {
	t := tr.t
	store, err := datastore.Open(t.Context(), b, datastore.Options{})
	if err != nil {
		tr.mere(err, what)
		return
	}
	defer store.Close()
	report, err := verify.Run(t.Context(), store, verify.Options{})
	tr.count("verify", err)
	if err != nil {
		tr.mere(err, what)
		return
	}
	require.True(t, report.Clean(), "%s: nothing is damaged: %+v", what, report)
}

func (tr *trials) restore(b backend.Backend, what string) {
	store, err := datastore.Open(tr.t.Context(), b, datastore.Options{})
	if err != nil {
		tr.mere(err, what)
		return
	}
	defer store.Close()
	for sn, err := range store.Snapshots(tr.t.Context(), datastore.Filter{}) {
		if err == nil {
			err = tr.restoreOne(store, sn, what)
			tr.count("restore", err)
		}
		if err != nil {
			tr.mere(err, what)
		}
	}
}

// mere checks that an error is one of the storage, and no finding of damage.
func (tr *trials) mere(err error, what string) {
	tr.t.Helper()
	require.ErrorIs(tr.t, err, backendtest.ErrInjected, what)
	require.False(tr.t, errors.As(err, new(*datastore.ChunkError)), "%s: %v", what, err)
	require.False(tr.t, errors.As(err, new(*datastore.ManifestError)), "%s: %v", what, err)
	require.False(tr.t, errors.As(err, new(*restore.DamageError)), "%s: %v", what, err)
}
