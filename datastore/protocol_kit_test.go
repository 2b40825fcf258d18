package datastore_test

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
	"github.com/heirloom-backup/heirloom/datastore/internal/document"
)

// world is a store in which a writer and a collector meet. The writer sees it through the fault injector, the
// collector, in hooks of the injector, from inside.
type world struct {
	t      *testing.T
	inside *mem.Backend
	faulty *backendtest.Faulty
	store  *datastore.Store // the writer's
	want   map[string]files // by name of the group
	old    []string         // packs there were before the writer began

	records int // put by the collector
}

var (
	oldFiles = files{"a": noise(30_500, 1), "b": noise(4_000, 2)}
	newFiles = files{"a": noise(30_500, 1), "c": noise(5_000, 3)} // a is known, c is not
)

// newWorld holds one promised snapshot, "old", with a file that the writer's snapshot, "new", shares.
func newWorld(t *testing.T) *world {
	inside := mem.New()
	commit(t, create(t, inside), "old", oldFiles)
	w := &world{t: t, inside: inside, faulty: backendtest.New(inside), want: map[string]files{"old": oldFiles, "new": newFiles}}
	w.old = w.packs()
	w.store = open(t, w.faulty, datastore.Options{})
	return w
}

// packs returns the ids of all packs.
func (w *world) packs() []string {
	var ids []string
	for _, name := range names(w.t, w.inside, "packs/") {
		ids = append(ids, name[strings.LastIndexByte(name, '/')+1:])
	}
	return ids
}

// own returns the ids of the packs that are not old.
func (w *world) own() []string {
	return slices.DeleteFunc(w.packs(), func(id string) bool { return slices.Contains(w.old, id) })
}

// condemnation is the payload of a collector's record.
type condemnation struct {
	Format int      `json:"format"`
	Packs  []string `json:"packs"`
}

// condemn puts a collector's record and returns its name.
func (w *world) condemn(packs ...string) string {
	w.records++
	name := fmt.Sprintf("condemned/%032d", w.records)
	data, err := document.Encode(name, condemnation{document.Format, packs}, nil)
	require.NoError(w.t, err)
	require.NoError(w.t, w.inside.Put(w.t.Context(), name, data))
	return name
}

// condemned returns the packs that a record names.
func (w *world) condemned(record string) []string {
	var c condemnation
	_, err := document.Decode(record, readObject(w.t, w.inside, record), nil, &c)
	require.NoError(w.t, err)
	return c.Packs
}

// remove deletes packs, and then their record if there is one.
func (w *world) remove(record string, packs ...string) {
	for _, id := range packs {
		require.NoError(w.t, w.inside.Delete(w.t.Context(), "packs/"+id[:2]+"/"+id))
	}
	if record != "" {
		require.NoError(w.t, w.inside.Delete(w.t.Context(), record))
	}
}

// forget prunes a group's snapshots.
func (w *world) forget(group string) {
	s := open(w.t, w.inside, datastore.Options{})
	for _, sn := range list(w.t, s, datastore.Filter{Name: group, Unfinished: true}) {
		require.NoError(w.t, s.Forget(w.t.Context(), sn, "test"))
	}
	delete(w.want, group)
}

// requirePromises opens the store anew and reads every promised snapshot, bit for bit.
func (w *world) requirePromises(groups ...string) {
	w.t.Helper()
	s := open(w.t, w.inside, datastore.Options{})
	var promised []string
	for _, sn := range list(w.t, s, datastore.Filter{}) {
		require.True(w.t, sn.Promised)
		promised = append(promised, sn.Name)
		requireFiles(w.t, s, sn.Root, w.want[sn.Name])
	}
	require.Equal(w.t, groups, promised)
	for _, name := range names(w.t, w.inside, "snapshots/") {
		if stem, ok := strings.CutSuffix(name, ".ok"); ok {
			require.Contains(w.t, names(w.t, w.inside, "snapshots/"), stem+".json", "a promise without its manifest")
		}
	}
}

// at calls do once, before or after the nth call of a kind on a prefix; calls may come from several goroutines.
func at(f *backendtest.Faulty, after bool, kind backend.Kind, prefix string, nth int, do func()) {
	var seen atomic.Int64
	hook := func(c backendtest.Call) {
		if c.Kind == kind && strings.HasPrefix(c.Name, prefix) && seen.Add(1) == int64(nth) {
			do()
		}
	}
	if after {
		f.After(hook)
	} else {
		f.Before(hook)
	}
}
