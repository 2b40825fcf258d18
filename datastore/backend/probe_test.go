package backend_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
	"github.com/heirloom-backup/heirloom/datastore/backend/dirstore"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
)

func folder(t testing.TB) *dirstore.Backend {
	t.Helper()
	b, err := dirstore.Open(t.TempDir(), dirstore.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	return b
}

func flaws(f *backend.Fitness) (names []string) {
	for _, finding := range f.Findings {
		if !finding.OK {
			names = append(names, finding.Name)
		}
	}
	return names
}

func requireEmpty(t *testing.T, b backend.Backend) {
	t.Helper()
	left, err := backend.Names(context.WithoutCancel(t.Context()), b, "")
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestProbeFindsGoodStorageFit(t *testing.T) {
	for name, c := range map[string]struct {
		b       backend.Backend
		options backend.ProbeOptions
	}{
		"memory":            {mem.New(), backend.ProbeOptions{}},
		"folder":            {folder(t), backend.ProbeOptions{}},
		"one object":        {mem.New(), backend.ProbeOptions{Objects: 1}},
		"one after another": {folder(t), backend.ProbeOptions{Parallel: 1}},
		"several pages":     {mem.New(), backend.ProbeOptions{Objects: 1100}},
	} {
		t.Run(name, func(t *testing.T) {
			defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
			fitness, err := backend.Probe(t.Context(), c.b, c.options)
			require.NoError(t, err)
			require.Len(t, fitness.Findings, 11)
			require.Empty(t, flaws(fitness))
			require.NoError(t, fitness.Collectable())
			requireEmpty(t, c.b)
		})
	}
}

func TestProbeLeavesOthersAlone(t *testing.T) {
	b := mem.New()
	require.NoError(t, b.Put(t.Context(), "packs/ab/1", []byte("data")))
	require.NoError(t, b.Put(t.Context(), "probe/another/1", []byte("running")))
	fitness, err := backend.Probe(t.Context(), b, backend.ProbeOptions{})
	require.NoError(t, err)
	require.NoError(t, fitness.Collectable())
	left, err := backend.Names(t.Context(), b, "")
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"packs/ab/1", "probe/another/1"}, left)
}

func TestProbeFindsEveryLie(t *testing.T) {
	const every = backendtest.Every
	for name, c := range map[string]struct {
		lie   func(t *testing.T, f *backendtest.Faulty)
		flaws []string
	}{
		"listings are stale": {func(t *testing.T, f *backendtest.Faulty) {
			_, err := f.Freeze(t.Context(), "probe/")
			require.NoError(t, err)
		}, []string{"list after put", "list of everything", "list after delete"}},
		"listings are stale after deletions": {func(t *testing.T, f *backendtest.Faulty) {
			f.Before(func(c backendtest.Call) {
				if c.Kind == backendtest.Delete && f.Count(backendtest.Delete, "") == 1 {
					_, err := f.Freeze(t.Context(), "probe/")
					require.NoError(t, err)
				}
			})
		}, []string{"list after delete"}},
		"listings end early": {func(_ *testing.T, f *backendtest.Faulty) {
			f.Cut("probe/", every, 10, nil)
		}, []string{"list after put"}},
		"the whole listing ends early": {func(_ *testing.T, f *backendtest.Faulty) {
			f.Cut("", 2, 10, nil)
			f.Cut("", 3, 10, nil)
		}, []string{"list after put", "list of everything"}},
		"an object is stored in part": {func(_ *testing.T, f *backendtest.Faulty) {
			f.Tear("probe/", 7, 3, nil)
		}, []string{"get after put", "list after put"}},
		"a put is forgotten": {func(_ *testing.T, f *backendtest.Faulty) {
			f.Lose(backendtest.Put, "probe/", 16)
		}, []string{"get after put", "list after put", "list of everything"}},
		"a put replaces": {func(_ *testing.T, f *backendtest.Faulty) {
			f.Overwrite("probe/", every)
		}, []string{"put if absent", "put if absent, concurrently"}},
		"deletions are forgotten": {func(_ *testing.T, f *backendtest.Faulty) {
			f.Lose(backendtest.Delete, "probe/", 5)
			f.Lose(backendtest.Delete, "probe/", 6)
		}, []string{"get after delete"}},
		"bytes change": {func(_ *testing.T, f *backendtest.Faulty) {
			f.Corrupt("probe/", 5, 2)
		}, []string{"get after put"}},
		"reads end early": {func(_ *testing.T, f *backendtest.Faulty) {
			f.CutRead("probe/", every, 4, nil)
		}, []string{"get after put", "get of a range"}},
		"an object is there before it is put": {func(_ *testing.T, f *backendtest.Faulty) {
			f.Fail(backendtest.Put, "", 3, backend.ErrExist)
		}, []string{"get after put", "list after put", "list of everything"}},
		"what is deleted cannot be deleted": {func(_ *testing.T, f *backendtest.Faulty) {
			f.Fail(backendtest.Delete, "", 11, backend.ErrNotFound)
		}, []string{"delete again"}},
	} {
		t.Run(name, func(t *testing.T) {
			inside := mem.New()
			f := backendtest.New(inside)
			c.lie(t, f)
			fitness, err := backend.Probe(t.Context(), f, backend.ProbeOptions{})
			require.NoError(t, err)
			require.Subset(t, flaws(fitness), c.flaws, "%+v", fitness.Findings)
			err = fitness.Collectable()
			require.ErrorIs(t, err, backend.ErrUnfit)
			require.ErrorContains(t, err, c.flaws[0])
			require.ErrorContains(t, err, "collection is refused")
			requireEmpty(t, inside)
		})
	}
}

// hasty looks whether a name is taken, and then writes.
type hasty struct {
	*mem.Backend
	looked  sync.WaitGroup // by all that put the contested name
	writing sync.Mutex
}

func (h *hasty) Put(ctx context.Context, name string, data []byte) error {
	if _, err := h.Get(ctx, name, 0, 0); err == nil {
		return backend.ErrExist
	}
	if strings.HasSuffix(name, "contested") {
		h.looked.Done()
		h.looked.Wait()
	}
	h.writing.Lock()
	defer h.writing.Unlock()
	return errors.Join(h.Delete(ctx, name), h.Backend.Put(ctx, name, data))
}

func TestProbeFindsStorageThatLooksBeforeItWrites(t *testing.T) {
	h := &hasty{Backend: mem.New()}
	h.looked.Add(4)
	fitness, err := backend.Probe(t.Context(), h, backend.ProbeOptions{})
	require.NoError(t, err)
	require.Equal(t, []string{"put if absent, concurrently"}, flaws(fitness))
	requireEmpty(t, h)
}

func TestWhatUnfitnessMeans(t *testing.T) {
	bad := func(needed backend.Purpose) error {
		return (&backend.Fitness{Findings: []backend.Finding{
			{Name: "one thing", OK: true, Needed: backend.ForBackup},
			{Name: "list after put", Detail: "3 of 16 objects are missing", Needed: needed},
		}}).Collectable()
	}
	require.EqualError(t, bad(backend.ForCollection), "storage is not fit (list after put: 3 of 16 objects are missing): "+
		"backups and restores stay safe, collection is refused")
	require.ErrorContains(t, bad(backend.ForBackup), "backups are not safe here, and collection is refused")
}

func TestProbeOfStorageThatNobodyMayDeleteFrom(t *testing.T) {
	f := backendtest.New(mem.New())
	f.Fail(backendtest.Delete, "", backendtest.Every, backend.ErrReadOnly)
	fitness, err := backend.Probe(t.Context(), f, backend.ProbeOptions{})
	require.NoError(t, err)
	require.Equal(t, []string{"delete"}, flaws(fitness))
	require.ErrorContains(t, fitness.Collectable(), "what the probe has put stays as probe/")
	require.ErrorContains(t, fitness.Collectable(), "backups and restores stay safe")
}

func TestProbeOfReadOnlyStorage(t *testing.T) {
	inside := backendtest.New(mem.New())
	_, err := backend.Probe(t.Context(), backend.ReadOnly(inside), backend.ProbeOptions{})
	require.ErrorIs(t, err, backend.ErrReadOnly)
	require.NotErrorIs(t, err, backend.ErrUnfit)
	require.NotContains(t, err.Error(), "remove")
	require.Zero(t, inside.Count(backendtest.Write, ""))
}

// Whatever call fails, before or after its work: the probe says that it could not ask, and leaves nothing behind.
func TestProbeThatCannotAsk(t *testing.T) {
	errDown := errors.New("server is down")
	calls := 0
	for _, fail := range []func(*backendtest.Faulty, int){
		func(f *backendtest.Faulty, nth int) { f.Fail(backendtest.Any, "", nth, errDown) },
		func(f *backendtest.Faulty, nth int) { f.FailAfter(backendtest.Write, "", nth, errDown) },
	} {
		for nth, struck := 1, true; struck; nth++ {
			inside := mem.New()
			f := backendtest.New(inside)
			fail(f, nth)
			_, err := backend.Probe(t.Context(), f, backend.ProbeOptions{Objects: 3})
			if struck = err != nil; struck {
				require.ErrorIs(t, err, errDown, "call %d", nth)
				require.NotErrorIs(t, err, backend.ErrUnfit)
				calls++
			}
			if left, _ := backend.Names(t.Context(), inside, ""); len(left) > 0 {
				require.ErrorContains(t, err, "remove what the probe has put", "call %d", nth)
			}
		}
	}
	require.Greater(t, calls, 40)
}

func TestProbeCleansUpAfterCancellation(t *testing.T) {
	inside := mem.New()
	f := backendtest.New(inside)
	ctx, cancel := context.WithCancel(t.Context())
	stored := 0
	f.After(func(c backendtest.Call) {
		if c.Kind == backendtest.Put && f.Count(backendtest.Put, "") == 9 {
			cancel()
			found, err := backend.Names(t.Context(), inside, "")
			require.NoError(t, err)
			stored = len(found)
		}
	})
	_, err := backend.Probe(ctx, f, backend.ProbeOptions{Parallel: 1})
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, 9, stored)
	requireEmpty(t, inside)
}

func BenchmarkProbe(b *testing.B) {
	for name, storage := range map[string]backend.Backend{"memory": mem.New(), "folder": folder(b)} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				fitness, err := backend.Probe(b.Context(), storage, backend.ProbeOptions{})
				require.NoError(b, err)
				require.NoError(b, fitness.Collectable())
			}
		})
	}
}

func ExampleProbe() {
	ctx := context.Background()
	storage := backendtest.New(mem.New())
	storage.Cut("probe/", backendtest.Every, 10, nil) // a service that forgets to say that there are more pages

	fitness, err := backend.Probe(ctx, storage, backend.ProbeOptions{})
	if err != nil {
		panic(err) // the storage could not be asked
	}
	for _, finding := range fitness.Findings {
		if !finding.OK {
			fmt.Println(finding.Name, "is needed for", finding.Needed)
		}
	}
	fmt.Println(errors.Is(fitness.Collectable(), backend.ErrUnfit))
	// Output:
	// list after put is needed for collection
	// true
}
