package backendtest_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
)

func record(t *testing.T, inner backend.Backend) *backendtest.Recorder {
	t.Helper()
	rec, err := backendtest.Record(t.Context(), inner)
	require.NoError(t, err)
	return rec
}

// contents returns what a backend holds in one line, such as "a=1 b=2".
func contents(t testing.TB, b backend.Backend) string {
	t.Helper()
	var parts []string
	for info, err := range b.List(t.Context(), "") {
		require.NoError(t, err)
		data, err := backend.ReadAll(t.Context(), b, info.Name, 1<<20)
		require.NoError(t, err)
		parts = append(parts, fmt.Sprintf("%s=%s", info.Name, data))
	}
	slices.Sort(parts)
	return strings.Join(parts, " ")
}

func states(t *testing.T, rec *backendtest.Recorder) []string {
	t.Helper()
	var all []string
	for point, state := range rec.States() {
		all = append(all, strings.Join(append(slices.Clone(point.Marks), contents(t, state)), "; "))
	}
	return all
}

func TestRecorderKeepsEveryRule(t *testing.T) {
	backendtest.Run(t, func(t *testing.T) backend.Backend { return record(t, mem.New()) })
}

func TestStatesOfWritesInARow(t *testing.T) {
	ctx := t.Context()
	inside := mem.New()
	require.NoError(t, inside.Put(ctx, "a", []byte("1")))
	rec := record(t, inside)
	buffer := []byte("2")
	require.NoError(t, rec.Put(ctx, "b", buffer))
	buffer[0] = 'x'
	rec.Mark("b is kept")
	require.NoError(t, rec.Delete(ctx, "a"))
	require.NoError(t, rec.Delete(ctx, "absent"))
	require.ErrorIs(t, rec.Put(ctx, "b", []byte("3")), backend.ErrExist)
	require.ErrorIs(t, rec.Put(ctx, "/", nil), backend.ErrBadName)
	require.Equal(t, []string{"a=1", "a=1 b=2", "b is kept; a=1 b=2", "b is kept; b=2"}, states(t, rec))
}

// Every state that a scripted crash leaves is among those of one recorded run.
func TestStatesIncludeEveryScriptedCrash(t *testing.T) {
	program := func(b backend.Backend) error {
		for i := range 5 {
			if err := b.Put(t.Context(), fmt.Sprint("new/", i), []byte{byte('0' + i)}); err != nil {
				return err
			}
			if err := b.Delete(t.Context(), fmt.Sprint("old/", i)); err != nil {
				return err
			}
		}
		return nil
	}
	start := mem.New()
	for i := range 5 {
		require.NoError(t, start.Put(t.Context(), fmt.Sprint("old/", i), nil))
	}
	rec := record(t, start.Clone())
	require.NoError(t, program(rec))
	made := states(t, rec)
	for point := 1; point <= 10; point++ {
		for _, crash := range []func(*backendtest.Faulty){
			func(f *backendtest.Faulty) { f.CrashBefore(backendtest.Write, "", point) },
			func(f *backendtest.Faulty) { f.CrashAfter(backendtest.Write, "", point) },
		} {
			left := start.Clone()
			f := backendtest.New(left)
			crash(f)
			require.ErrorIs(t, program(f), backendtest.ErrCrashed)
			require.Contains(t, made, contents(t, left))
		}
	}
	require.Len(t, made, 11, "and there are no others")
}

// Puts at once may be done in every combination while none has returned.
func TestStatesOfWritesAtOnce(t *testing.T) {
	for name, c := range map[string]struct{ writes, states int }{
		"all combinations": {4, 16},
		"extremes":         {6, 2 + 6 + 6},
	} {
		t.Run(name, func(t *testing.T) {
			rec := atOnce(t, c.writes)
			distinct := map[string]bool{}
			for _, state := range rec.States() {
				distinct[contents(t, state)] = true
			}
			full := slices.MaxFunc(slices.Collect(maps.Keys(distinct)), func(a, b string) int { return len(a) - len(b) })
			require.Len(t, strings.Fields(full), c.writes)
			require.GreaterOrEqual(t, len(distinct), c.states)
		})
	}
}

// atOnce records puts of which all have begun before the first one returns.
func atOnce(t *testing.T, writes int) *backendtest.Recorder {
	t.Helper()
	f := backendtest.New(mem.New())
	rec := record(t, f)
	var gates []*backendtest.Gate
	done := make(chan error)
	for i := range writes {
		name := fmt.Sprint(i)
		gates = append(gates, f.Hold(backendtest.Put, name, 1))
		go func() { done <- rec.Put(t.Context(), name, nil) }()
	}
	for _, gate := range gates {
		require.NoError(t, gate.Reached(t.Context()))
	}
	for _, gate := range gates {
		gate.Release()
		require.NoError(t, <-done)
	}
	return rec
}

func TestFailedWriteStaysInDoubt(t *testing.T) {
	ctx := t.Context()
	for name, c := range map[string]struct {
		err     error
		inDoubt bool
	}{
		"the storage could not be asked": {errDisk, true},
		"it was refused":                 {backend.ErrReadOnly, false},
	} {
		t.Run(name, func(t *testing.T) {
			f := backendtest.New(mem.New())
			rec := record(t, f)
			f.Fail(backendtest.Put, "a", 1, c.err)
			require.Error(t, rec.Put(ctx, "a", []byte("1")))
			require.NoError(t, rec.Put(ctx, "b", []byte("2")))
			rec.Mark("now")
			require.NoError(t, rec.Delete(ctx, "a"))
			rec.Mark("gone")
			got := states(t, rec)
			require.Equal(t, "now; gone; b=2", got[len(got)-1], "a deletion ends the doubt")
			require.NotContains(t, got, "now; gone; a=1 b=2")
			require.Contains(t, got, "now; b=2")
			require.Equal(t, c.inDoubt, slices.Contains(got, "now; a=1 b=2"))
		})
	}
}

func TestStatesAreTheCallers(t *testing.T) {
	ctx := t.Context()
	rec := record(t, mem.New())
	require.NoError(t, rec.Put(ctx, "a", []byte("1")))
	var kept []backend.Backend
	for _, state := range rec.States() {
		require.NoError(t, state.Put(ctx, "mine", []byte("x")))
		require.NoError(t, state.Delete(ctx, "a"))
		kept = append(kept, state)
	}
	require.Len(t, kept, 2)
	for _, state := range kept {
		require.Equal(t, "mine=x", contents(t, state))
	}
	require.Equal(t, []string{"", "a=1"}, states(t, rec), "a second loop makes them anew")
}

func TestSample(t *testing.T) {
	rec := record(t, mem.New())
	for i := range 100 {
		require.NoError(t, rec.Put(t.Context(), fmt.Sprintf("%03d", i), nil))
	}
	sizes := func(n int, seed uint64) (sizes []int) {
		for _, state := range rec.Sample(n, seed) {
			sizes = append(sizes, len(names(t, state, "")))
		}
		return sizes
	}
	ten := sizes(10, 1)
	require.Len(t, ten, 10)
	require.True(t, slices.IsSorted(ten))
	require.Less(t, ten[0], 11, "the beginning is among them")
	require.Equal(t, 100, ten[9], "and so is the end")
	require.Equal(t, ten, sizes(10, 1))
	require.NotEqual(t, ten, sizes(10, 2))
	require.Len(t, sizes(1000, 1), 101)
	require.Equal(t, []int{100}, sizes(1, 1))
	require.Empty(t, sizes(0, 1))
}

func TestRecordNeedsToKnowTheBeginning(t *testing.T) {
	for _, kind := range []backend.Kind{backendtest.List, backendtest.Get} {
		f, _ := faulty(t, "a")
		f.Fail(kind, "", 1, errDisk)
		_, err := backendtest.Record(t.Context(), f)
		require.ErrorIs(t, err, errDisk)
	}
}

func TestCopy(t *testing.T) {
	f, inside := faulty(t, "a", "b/c")
	to := mem.New()
	require.NoError(t, backendtest.Copy(t.Context(), to, f))
	require.Equal(t, contents(t, inside), contents(t, to))
	require.ErrorIs(t, backendtest.Copy(t.Context(), to, f), backend.ErrExist)
	for _, kind := range []backend.Kind{backendtest.List, backendtest.Get} {
		f.Fail(kind, "", 1, errDisk)
		require.ErrorIs(t, backendtest.Copy(t.Context(), mem.New(), f), errDisk)
	}
}

// What a run can lose at each moment is checked against what it had promised by then.
func ExampleRecorder() {
	ctx := context.Background()
	rec, err := backendtest.Record(ctx, mem.New())
	if err != nil {
		panic(err)
	}
	_ = rec.Put(ctx, "snapshots/1", []byte("needs packs/1")) // too early: its pack is not there yet
	_ = rec.Put(ctx, "packs/1", []byte("data"))
	rec.Mark("snapshot 1")

	for point, state := range rec.States() {
		_, snapshot := state.Get(ctx, "snapshots/1", 0, 0)
		_, pack := state.Get(ctx, "packs/1", 0, 0)
		switch promised := slices.Contains(point.Marks, "snapshot 1"); {
		case promised && snapshot != nil:
			fmt.Println(point, "- the promised snapshot is lost")
		case snapshot == nil && pack != nil:
			fmt.Println(point, "- the snapshot lacks its pack")
		}
	}
	// Output:
	// step 1, after put snapshots/1 began: snapshots/1 holds 13 bytes - the snapshot lacks its pack
}

func BenchmarkStates(b *testing.B) {
	const writes = 1000
	rec, err := backendtest.Record(b.Context(), mem.New())
	require.NoError(b, err)
	for i := range writes {
		require.NoError(b, rec.Put(b.Context(), fmt.Sprint(i), make([]byte, 1000)))
	}
	for b.Loop() {
		made := 0
		for range rec.States() {
			made++
		}
		require.Equal(b, writes+1, made)
	}
}
