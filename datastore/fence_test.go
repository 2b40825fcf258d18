package datastore_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
	"github.com/heirloom-backup/heirloom/datastore/internal/document"
)

// stopped is a clock that a test advances.
type stopped struct{ now time.Time }

func newStopped() *stopped { return &stopped{time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC)} }

func (c *stopped) time() time.Time { return c.now }

func (c *stopped) pass(d time.Duration) { c.now = c.now.Add(d) }

// silent puts a session whose process is gone, and returns its id.
func silent(t testing.TB, b backend.Backend, n int) string {
	t.Helper()
	id := fmt.Sprintf("%032d", n)
	putDocument(t, b, "sessions/"+id, map[string]any{"format": document.Format, "started": "2026-11-21T10:00:00Z", "host": "alpha"})
	return id
}

// beat puts a session's nth beat.
func beat(t testing.TB, b backend.Backend, id string, n int) {
	t.Helper()
	putDocument(t, b, fmt.Sprintf("beats/%s-%d", id, n), map[string]any{"format": document.Format})
}

func putDocument(t testing.TB, b backend.Backend, name string, payload any) {
	t.Helper()
	data, err := document.Encode(name, payload, nil)
	require.NoError(t, err)
	require.NoError(t, b.Put(t.Context(), name, data))
}

// condemnedPacks returns the packs that all records name.
func condemnedPacks(t testing.TB, b backend.Backend) (packs []string) {
	t.Helper()
	for _, record := range names(t, b, "condemned/") {
		var c condemnation
		_, err := document.Decode(record, readObject(t, b, record), nil, &c)
		require.NoError(t, err)
		packs = append(packs, c.Packs...)
	}
	return packs
}

// What is condemned while a session is open waits for it, once, and for none that began later.
func TestCollectWaitsForSessions(t *testing.T) {
	y, _ := halfDead(t)
	clock := newStopped()
	y.o.Now = clock.time
	y.s = open(t, y.b, y.o)
	w, err := y.s.Begin(t.Context(), datastore.SessionOptions{Host: "alpha"})
	require.NoError(t, err)
	passing, err := w.Commit(t.Context(), draft("passing", put(t, w, files{"mine": noise(900, 150)})))
	require.NoError(t, err)
	y.forget(passing) // the session lives, and may use its packs again

	collector := y.on(t, y.b)
	before := names(t, y.b, "packs/")
	plan, err := collector.PlanCollection(t.Context(), sure)
	require.NoError(t, err)
	require.Equal(t, 1, plan.SessionsAwaited)
	c := collect(t, collector, sure)
	require.Zero(t, c.PacksRemoved)
	require.Equal(t, []datastore.Waiting{{Session: w.ID(), Started: clock.now, Host: "alpha"}}, c.Waiting)
	require.Subset(t, names(t, y.b, "packs/"), before)
	require.Equal(t, plan.BytesRemoved, c.BytesPending)
	condemned := condemnedPacks(t, y.b)
	require.NotEmpty(t, condemned)
	for _, pack := range condemned {
		require.False(t, strings.HasSuffix(pack, "-"+w.ID()), "it is the session's own")
	}
	y.requireWhole()

	again := collect(t, collector, sure)
	require.Equal(t, c.BytesPending, again.BytesPending)
	require.Equal(t, condemned, condemnedPacks(t, y.b), "nothing is condemned twice")

	later := begin(t, y.on(t, y.b))
	require.NoError(t, w.Close())
	freed := collect(t, collector, sure)
	require.GreaterOrEqual(t, freed.BytesRemoved, c.BytesPending)
	require.Empty(t, condemnedAlso(t, y.b, condemned))
	y.requireWhole()
	require.NoError(t, later.Close())
	y.requireSettled()
}

// condemnedAlso returns which of the packs are still condemned.
func condemnedAlso(t testing.TB, b backend.Backend, packs []string) (still []string) {
	t.Helper()
	for _, now := range condemnedPacks(t, b) {
		for _, pack := range packs {
			if pack == now {
				still = append(still, pack)
			}
		}
	}
	return still
}

// A record that does not say yet for whom it waits waits for all that live: a missing list is never an empty one.
func TestCollectSaysForWhomARecordWaits(t *testing.T) {
	y, _ := halfDead(t)
	f := backendtest.New(y.b)
	f.CrashAfter(backend.KindPut, "condemned/", 1)
	w := begin(t, y.s)
	_, err := y.on(t, f).Collect(t.Context(), sure)
	require.ErrorIs(t, err, backendtest.ErrCrashed)
	require.Empty(t, names(t, y.b, "waits/"))
	before := names(t, y.b, "packs/")
	c := collect(t, y.on(t, y.b), sure)
	require.Len(t, c.Waiting, 1)
	require.Len(t, names(t, y.b, "waits/"), 1)
	require.Equal(t, before, names(t, y.b, "packs/"))
	require.NoError(t, w.Close())
	require.Positive(t, collect(t, y.on(t, y.b), sure).PacksRemoved)
	y.requireSettled()
}

// A session's object that cannot be read is waited for like any other.
func TestCollectWaitsForASessionThatCannotBeRead(t *testing.T) {
	y, _ := halfDead(t)
	id := strings.Repeat("8", 32)
	require.NoError(t, y.b.Put(t.Context(), "sessions/"+id, []byte("nonsense")))
	c := collect(t, y.on(t, y.b), sure)
	require.Equal(t, []datastore.Waiting{{Session: id}}, c.Waiting)
	require.Zero(t, c.PacksRemoved)
	y.requireSettled()
}

// Whoever knows that no backup runs has all sessions taken for dead. One that lives all the same goes on.
func TestFenceAll(t *testing.T) {
	y, _ := halfDead(t)
	dead := silent(t, y.b, 1)
	beat(t, y.b, dead, 3)
	w := begin(t, y.s)
	c := collect(t, y.on(t, y.b), datastore.CollectOptions{Probed: true, FenceAll: true})
	require.ElementsMatch(t, []string{dead, w.ID()}, c.Fenced)
	require.Empty(t, c.Waiting)
	require.Positive(t, c.PacksRemoved)
	require.Empty(t, names(t, y.b, "sessions/"))
	require.Empty(t, names(t, y.b, "beats/"))

	f := files{"kept": noise(800, 11), "fresh": noise(800, 151)}
	sn, err := w.Commit(t.Context(), draft("late", put(t, w, f)))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	y.want[sn.ID] = f
	y.requireWhole()
	y.requireSettled()
}

// Without having been told, a collection takes a session for dead when it has shown no sign of life for long, as far as
// one process after the other has seen.
func TestFenceAfter(t *testing.T) {
	y, _ := halfDead(t)
	clock := newStopped()
	y.o.Now, y.o.CacheDir = clock.time, t.TempDir()
	id := silent(t, y.b, 1)
	fenced := func() []string { return collect(t, open(t, y.b, y.o), sure).Fenced }
	require.Empty(t, fenced(), "it is seen for the first time")
	clock.pass(14 * time.Minute)
	require.Empty(t, fenced())
	beat(t, y.b, id, 1)
	clock.pass(2 * time.Minute)
	require.Empty(t, fenced(), "it has given a sign of life")
	require.NoError(t, y.b.Delete(t.Context(), "beats/"+id+"-1"))
	beat(t, y.b, id, 2)
	clock.pass(14 * time.Minute)
	require.Empty(t, fenced(), "and another")
	clock.pass(14*time.Minute + 59*time.Second)
	require.Empty(t, fenced())

	other := y.o
	other.CacheDir = t.TempDir()
	require.Empty(t, collect(t, open(t, y.b, other), sure).Fenced, "who has not seen it before does not know")
	other.CacheDir = ""
	require.Empty(t, collect(t, open(t, y.b, other), sure).Fenced)

	clock.pass(time.Second)
	require.Equal(t, []string{id}, fenced())
	require.Empty(t, names(t, y.b, "beats/"))
	require.Empty(t, names(t, y.b, "sessions/"))
	y.requireSettled()
}

// One store that is kept open needs no cache to see that nothing happens; FenceAfter says for how long.
func TestFenceAfterInOneProcess(t *testing.T) {
	y, _ := halfDead(t)
	clock := newStopped()
	y.o.Now = clock.time
	s := open(t, y.b, y.o)
	o := datastore.CollectOptions{Probed: true, FenceAfter: time.Hour}
	id := silent(t, y.b, 1)
	require.Empty(t, collect(t, s, o).Fenced)
	clock.pass(time.Hour - time.Second)
	require.Empty(t, collect(t, s, o).Fenced)
	clock.pass(time.Second)
	require.Equal(t, []string{id}, collect(t, s, o).Fenced)
}

// A clock that was set back shows nothing about a session.
func TestFenceAfterTheClockWasSetBack(t *testing.T) {
	y, _ := halfDead(t)
	clock := newStopped()
	y.o.Now = clock.time
	s := open(t, y.b, y.o)
	silent(t, y.b, 1)
	require.Empty(t, collect(t, s, sure).Fenced)
	clock.pass(-48 * time.Hour)
	require.Empty(t, collect(t, s, sure).Fenced)
	clock.pass(14 * time.Minute)
	require.Empty(t, collect(t, s, sure).Fenced)
	clock.pass(time.Minute)
	require.NotEmpty(t, collect(t, s, sure).Fenced, "by the clock as it is now it has stood still for long")
}

// A beat that its session could not delete is litter; the later ones count all the same.
func TestFenceAfterABeatThatStayed(t *testing.T) {

	y, _ := halfDead(t)
	clock := newStopped()
	y.o.Now = clock.time
	s := open(t, y.b, y.o)
	id := silent(t, y.b, 1)
	beat(t, y.b, id, 9)
	for n := 10; n < 40; n++ {
		require.Empty(t, collect(t, s, sure).Fenced, "at beat %d", n)
		clock.pass(time.Minute)
		beat(t, y.b, id, n)
		if n > 10 {
			require.NoError(t, y.b.Delete(t.Context(), fmt.Sprintf("beats/%s-%d", id, n-1)))
		}
	}
}

// Beats without a session and waits without a record are litter, and nothing else of the kind is.
func TestCollectRemovesLitter(t *testing.T) {
	y, _ := halfDead(t)
	lives := silent(t, y.b, 1)
	beat(t, y.b, lives, 7)
	beat(t, y.b, strings.Repeat("7", 32), 4)
	beat(t, y.b, strings.Repeat("7", 32), 5)
	putDocument(t, y.b, "waits/"+strings.Repeat("9", 32), map[string]any{"format": document.Format, "sessions": []string{lives}})
	collect(t, y.on(t, y.b), sure)
	require.Equal(t, []string{"beats/" + lives + "-7"}, names(t, y.b, "beats/"))
	records := names(t, y.b, "condemned/")
	require.Len(t, records, 1)
	require.Equal(t, []string{strings.Replace(records[0], "condemned/", "waits/", 1)}, names(t, y.b, "waits/"))
	y.requireSettled()
}
