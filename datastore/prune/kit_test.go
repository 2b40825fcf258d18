package prune_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
	"github.com/heirloom-backup/heirloom/datastore/prune"
	"github.com/heirloom-backup/heirloom/datastore/tree"
	"github.com/heirloom-backup/heirloom/retention"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// tester is what *testing.T and *rapid.T have in common.
type tester interface {
	require.TestingT
	Helper()
	Cleanup(func())
}

// world is a store whose clock the test sets.
type world struct {
	t       tester
	ctx     context.Context
	storage *mem.Backend
	store   *datastore.Store
	now     time.Time
}

func newWorld(t tester) *world {
	t.Helper()
	w := &world{t: t, ctx: context.Background(), storage: mem.New(), now: night(1)}
	require.NoError(t, datastore.Create(w.ctx, w.storage, datastore.CreateOptions{}))
	w.store = w.open(w.storage)
	return w
}

// night returns two o'clock on a day of November 2026, which begins with a Sunday.
func night(day int) time.Time { return time.Date(2026, 11, day, 2, 0, 0, 0, time.UTC) }

// open opens the world's store once more, through b.
func (w *world) open(b backend.Backend) *datastore.Store {
	w.t.Helper()
	s, err := datastore.Open(w.ctx, b, datastore.Options{Now: func() time.Time { return w.now }, PackSize: 16 << 10})
	require.NoError(w.t, err)
	w.t.Cleanup(func() { require.NoError(w.t, s.Close()) })
	return s
}

// job makes snapshots of the group dataset/NAME.
type job struct{ name, job string }

var (
	nightly = job{"www", "nightly"}
	weekly  = job{"www", "weekly"}
)

// save commits a snapshot at a time. Its content is that time's, and what all snapshots of the job share.
func (w *world) save(j job, at time.Time) *datastore.Snapshot {
	w.t.Helper()
	sn, err := w.trySave(w.store, j, at)
	require.NoError(w.t, err)
	return sn
}

func (w *world) trySave(s *datastore.Store, j job, at time.Time) (*datastore.Snapshot, error) {
	w.t.Helper()
	w.now = at
	session, err := s.Begin(w.ctx, datastore.SessionOptions{})
	require.NoError(w.t, err)
	defer func() { _ = session.Close() }() // fails after a crash
	root := w.put(session, noise(5000, uint64(at.UnixMilli())), noise(2000, uint64(len(j.job))))
	return session.Commit(w.ctx, datastore.Draft{Group: j.group(), Job: j.job, Root: root, Complete: true, BytesSource: 7000})
}

func (j job) group() datastore.Group { return datastore.Group{Kind: datastore.Dataset, Name: j.name} }

// put stores a file of the given pieces and returns the root of a snapshot of it.
func (w *world) put(session *datastore.Session, pieces ...[]byte) chunk.ID {
	w.t.Helper()
	ids := make([]chunk.ID, len(pieces))
	require.NoError(w.t, session.Put(w.ctx, pieces, ids))
	e := tree.Entry{Name: "file", Type: tree.File}
	for i, id := range ids {
		n := int64(len(pieces[i]))
		e.Extents = append(e.Extents, tree.Extent{ID: id, Length: n})
		e.Size += n
	}
	root, err := tree.PutRoot(w.ctx, session.PutNode, &e)
	require.NoError(w.t, err)
	return root
}

// nights saves one snapshot of a job each night.
func (w *world) nights(j job, days ...int) (all []*datastore.Snapshot) {
	w.t.Helper()
	for _, day := range days {
		all = append(all, w.save(j, night(day)))
	}
	return all
}

// saveUnfinished is what a writer leaves that was stopped before it could promise its snapshot, and was given up.
func (w *world) saveUnfinished(j job, at time.Time) *datastore.Snapshot {
	w.t.Helper()
	sn := w.saveHalf(j, at)
	for _, prefix := range []string{"sessions/", "beats/"} {
		left, err := backend.Names(w.ctx, w.storage, prefix)
		require.NoError(w.t, err)
		for _, name := range left {
			require.NoError(w.t, w.storage.Delete(w.ctx, name))
		}
	}
	return sn
}

// saveHalf leaves the writer's session as well: nobody can tell that it does not live.
func (w *world) saveHalf(j job, at time.Time) *datastore.Snapshot {
	w.t.Helper()
	faulty := backendtest.New(w.storage)
	faulty.CrashBefore(backendtest.Put, "snapshots/", 2) // the promise
	_, err := w.trySave(w.open(faulty), j, at)
	require.ErrorIs(w.t, err, backendtest.ErrCrashed)
	for sn, err := range w.store.Snapshots(w.ctx, datastore.Filter{Name: j.name, Job: j.job, Unfinished: true}) {
		require.NoError(w.t, err)
		if sn.Time.Equal(at) {
			require.False(w.t, sn.Promised)
			return sn
		}
	}
	require.FailNow(w.t, "it was not saved")
	return nil
}

// losePromise takes a finished snapshot's promise away, as only damage can.
func (w *world) losePromise(sn *datastore.Snapshot) {
	w.t.Helper()
	require.NoError(w.t, w.storage.Delete(w.ctx, strings.TrimSuffix(w.manifest(sn), ".json")+".ok"))
}

// manifest returns the name of a snapshot's manifest.
func (w *world) manifest(sn *datastore.Snapshot) string {
	w.t.Helper()
	found, err := backend.Names(w.ctx, w.storage, "snapshots/")
	require.NoError(w.t, err)
	i := slices.IndexFunc(found, func(name string) bool { return strings.HasSuffix(name, sn.ID+".json") })
	require.GreaterOrEqual(w.t, i, 0, "there is no manifest of %s", sn)
	return found[i]
}

func (w *world) hold(sn *datastore.Snapshot, reason string) {
	w.t.Helper()
	require.NoError(w.t, w.store.Hold(w.ctx, sn, reason, time.Time{}))
}

func (w *world) verified(sn *datastore.Snapshot, outcome datastore.Outcome) {
	w.t.Helper()
	require.NoError(w.t, w.store.RecordVerifications(w.ctx, []datastore.Verification{{Snapshot: sn, Outcome: outcome}}))
}

func (w *world) plan(policy string) *prune.Plan {
	w.t.Helper()
	return w.planOf(w.store, prune.Options{Policy: parse(w.t, policy)})
}

func (w *world) planOf(s *datastore.Store, o prune.Options) *prune.Plan {
	w.t.Helper()
	p, err := prune.Make(w.ctx, s, o)
	require.NoError(w.t, err)
	return p
}

func parse(t tester, policy string) retention.Policy {
	t.Helper()
	p, err := retention.Parse(policy)
	require.NoError(t, err)
	return p
}

// left returns the addresses of the store's snapshots, unfinished ones included.
func (w *world) left(s *datastore.Store) []string {
	w.t.Helper()
	var all []string
	for sn, err := range s.Snapshots(w.ctx, datastore.Filter{Unfinished: true}) {
		require.NoError(w.t, err)
		all = append(all, sn.String())
	}
	return all
}

// requireReadable reads every chunk of every promised snapshot.
func (w *world) requireReadable(s *datastore.Store) {
	w.t.Helper()
	for sn, err := range s.Snapshots(w.ctx, datastore.Filter{}) {
		require.NoError(w.t, err)
		e, err := tree.Root(w.ctx, s.Node, sn.Root)
		require.NoError(w.t, err)
		var ids []chunk.ID
		for x, err := range tree.Extents(w.ctx, s.Node, &e, 0) {
			require.NoError(w.t, err)
			ids = append(ids, x.ID)
		}
		require.NotEmpty(w.t, ids)
		require.NoError(w.t, s.Fetch(w.ctx, ids, func(_ int, _ []byte, err error) error { return err }), "%s", sn)
	}
}

// packBytes returns the sizes of all packs.
func (w *world) packBytes() (sum int64) {
	w.t.Helper()
	for info, err := range w.storage.List(w.ctx, "packs/") {
		require.NoError(w.t, err)
		sum += info.Size
	}
	return sum
}

// noise returns n bytes that do not compress, the same for the same seed.
func noise(n int, seed uint64) []byte {
	p := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8), byte(seed >> 16), byte(seed >> 24), byte(seed >> 32),
		byte(seed >> 40)}).Read(p) // never fails
	return p
}
