package backendtest_test

import (
	"context"
	"errors"
	"io"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
)

var errDisk = errors.New("disk on fire")

// faulty returns a fault injector around a memory backend that holds each name as its own content.
func faulty(t *testing.T, names ...string) (*backendtest.Faulty, *mem.Backend) {
	t.Helper()
	inside := mem.New()
	for _, name := range names {
		require.NoError(t, inside.Put(t.Context(), name, []byte(name)))
	}
	return backendtest.New(inside), inside
}

func content(t *testing.T, b backend.Backend, name string) string {
	t.Helper()
	data, err := backend.ReadAll(t.Context(), b, name, 1<<20)
	require.NoError(t, err)
	return string(data)
}

func names(t *testing.T, b backend.Backend, prefix string) []string {
	t.Helper()
	found, err := backend.Names(t.Context(), b, prefix)
	require.NoError(t, err)
	return found
}

func TestFail(t *testing.T) {
	ctx := t.Context()
	f, inside := faulty(t, "packs/0")
	f.Fail(backendtest.Put, "packs/", 2, errDisk)
	require.NoError(t, f.Put(ctx, "packs/1", nil))
	require.NoError(t, f.Put(ctx, "index/1", nil), "another prefix")
	require.NoError(t, f.Delete(ctx, "packs/1"), "another kind")
	require.ErrorIs(t, f.Put(ctx, "packs/2", nil), errDisk)
	require.NoError(t, f.Put(ctx, "packs/3", nil), "strikes once")
	require.ElementsMatch(t, []string{"packs/0", "packs/3", "index/1"}, names(t, inside, ""))
}

func TestFailEveryCallOfEachKind(t *testing.T) {
	ctx := t.Context()
	f, inside := faulty(t, "a")
	f.Fail(backendtest.Any, "", backendtest.Every, nil)
	for range 2 {
		require.ErrorIs(t, f.Put(ctx, "b", nil), backendtest.ErrInjected)
		require.ErrorIs(t, f.Delete(ctx, "a"), backendtest.ErrInjected)
		_, err := f.Get(ctx, "a", 0, -1)
		require.ErrorIs(t, err, backendtest.ErrInjected)
		_, err = backend.Names(ctx, f, "")
		require.ErrorIs(t, err, backendtest.ErrInjected)
	}
	require.Equal(t, []string{"a"}, names(t, inside, ""), "nothing happened")
	f.Heal()
	require.Equal(t, "a", content(t, f, "a"))
}

func TestFailAfter(t *testing.T) {
	ctx := t.Context()
	f, inside := faulty(t, "a")
	f.FailAfter(backendtest.Any, "", backendtest.Every, errDisk)
	require.ErrorIs(t, f.Put(ctx, "b", nil), errDisk)
	require.ElementsMatch(t, []string{"a", "b"}, names(t, inside, ""), "but it happened")
	require.ErrorIs(t, f.Delete(ctx, "a"), errDisk)
	require.Equal(t, []string{"b"}, names(t, inside, ""))
	_, err := f.Get(ctx, "b", 0, -1)
	require.ErrorIs(t, err, errDisk)
	seen := 0
	for info, err := range f.List(ctx, "") {
		if err != nil {
			require.ErrorIs(t, err, errDisk)
			continue
		}
		require.Equal(t, "b", info.Name)
		seen++
	}
	require.Equal(t, 1, seen, "the listing is there before its error")
}

func TestWriteMeansPutAndDelete(t *testing.T) {
	ctx := t.Context()
	f, _ := faulty(t, "a")
	f.Fail(backendtest.Write, "", 2, nil)
	require.NoError(t, f.Put(ctx, "b", nil))
	require.Equal(t, "a", content(t, f, "a"))
	require.ErrorIs(t, f.Delete(ctx, "a"), backendtest.ErrInjected)
	require.Equal(t, 2, f.Count(backendtest.Write, ""))
}

func TestTear(t *testing.T) {
	ctx := t.Context()
	f, inside := faulty(t)
	f.Tear("packs/", 1, 3, errDisk)
	f.Tear("packs/", 2, 0, nil)
	require.ErrorIs(t, f.Put(ctx, "packs/1", []byte("12345")), errDisk)
	require.Equal(t, "123", content(t, inside, "packs/1"))
	require.NoError(t, f.Put(ctx, "packs/2", []byte("12345")), "a disk that lies")
	require.Empty(t, content(t, inside, "packs/2"))
	require.NoError(t, f.Put(ctx, "packs/3", []byte("12345")))
	require.Equal(t, "12345", content(t, inside, "packs/3"))
}

func TestCorrupt(t *testing.T) {
	ctx := t.Context()
	for name, c := range map[string]struct {
		at, offset, length int64
		want               string
	}{
		"first byte":       {0, 0, -1, "\xcebcdef"},
		"in the range":     {3, 2, 3, "c\x9be"},
		"last byte":        {5, 5, 1, "\x99"},
		"before the range": {1, 2, 3, "cde"},
		"after the range":  {5, 2, 3, "cde"},
		"beyond the end":   {6, 0, -1, "1bcdef"},
	} {
		t.Run(name, func(t *testing.T) {
			f, inside := faulty(t)
			require.NoError(t, inside.Put(ctx, "a", []byte("1bcdef")))
			f.Corrupt("a", 1, c.at)
			r, err := f.Get(ctx, "a", c.offset, c.length)
			require.NoError(t, err)
			got := readBytewise(t, r)
			require.Equal(t, c.want, got)
			require.Equal(t, "1bcdef", content(t, f, "a"), "the object itself is good")
		})
	}
}

// readBytewise shows that the place of a corrupt byte does not depend on how much is read at once.
func readBytewise(t *testing.T, r io.ReadCloser) string {
	t.Helper()
	defer r.Close()
	var got []byte
	for one := make([]byte, 1); ; {
		n, err := r.Read(one)
		got = append(got, one[:n]...)
		if err == io.EOF {
			return string(got)
		}
		require.NoError(t, err)
	}
}

func TestCut(t *testing.T) {
	ctx := t.Context()
	f, _ := faulty(t, "a/1", "a/2", "a/3")
	f.Cut("a/", 1, 2, errDisk)
	f.Cut("a/", 2, 2, nil)
	seen, last := 0, error(nil)
	for _, err := range f.List(ctx, "a/") {
		if last = err; err == nil {
			seen++
		}
	}
	require.Equal(t, 2, seen)
	require.ErrorIs(t, last, errDisk)
	require.Len(t, names(t, f, "a/"), 2, "a listing that lies")
	require.Len(t, names(t, f, "a/"), 3)
}

func TestFreeze(t *testing.T) {
	ctx := t.Context()
	f, _ := faulty(t, "packs/old", "index/old")
	thaw, err := f.Freeze(ctx, "packs/")
	require.NoError(t, err)
	require.NoError(t, f.Put(ctx, "packs/new", nil))
	require.NoError(t, f.Put(ctx, "index/new", nil))
	require.NoError(t, f.Delete(ctx, "packs/old"))
	require.Equal(t, []string{"packs/old"}, names(t, f, "packs/"))
	require.ElementsMatch(t, []string{"packs/old", "index/old", "index/new"}, names(t, f, ""))
	require.ElementsMatch(t, []string{"index/old", "index/new"}, names(t, f, "index/"))
	_, err = f.Get(ctx, "packs/old", 0, -1)
	require.ErrorIs(t, err, backend.ErrNotFound, "only listings are stale")
	thaw()
	require.Equal(t, []string{"packs/new"}, names(t, f, "packs/"))
}

func TestHold(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	f, inside := faulty(t)
	gate := f.Hold(backendtest.Put, "packs/", 1)
	done := make(chan error)
	go func() { done <- f.Put(t.Context(), "packs/1", nil) }()
	require.NoError(t, gate.Reached(t.Context()))
	require.Empty(t, names(t, inside, ""), "held before anything happens")
	gate.Release()
	gate.Release()
	require.NoError(t, <-done)
	require.Equal(t, []string{"packs/1"}, names(t, inside, ""))
}

func TestHoldEndsWithItsContext(t *testing.T) {
	f, inside := faulty(t)
	gate := f.Hold(backendtest.Put, "", 1)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, gate.Reached(ctx), context.Canceled)
	require.ErrorIs(t, f.Put(ctx, "a", nil), context.Canceled)
	require.NoError(t, gate.Reached(t.Context()))
	require.Empty(t, names(t, inside, ""))
}

func TestHooksSurroundEachOperation(t *testing.T) {
	ctx := t.Context()
	f, inside := faulty(t)
	var story []string
	f.Before(func(c backendtest.Call) {
		story = append(story, "before "+string(c.Kind)+" "+c.Name)
		if c.Kind == backendtest.Put {
			require.Empty(t, names(t, inside, ""))
		}
	})
	f.After(func(c backendtest.Call) {
		story = append(story, "after "+string(c.Kind)+" "+c.Name)
		require.Equal(t, []string{"a"}, names(t, inside, ""))
	})
	require.NoError(t, f.Put(ctx, "a", nil))
	require.Equal(t, []string{"a"}, names(t, f, ""))
	require.Equal(t, []string{"before put a", "after put a", "before list ", "after list "}, story)
	f.Before(nil)
	f.After(nil)
	require.NoError(t, f.Delete(ctx, "a"))
	require.Len(t, story, 4)
}

func TestRandomIsRepeatable(t *testing.T) {
	outcomes := func(seed uint64) (failed []bool, stored int) {
		f, inside := faulty(t)
		f.Random(seed, 0.3, nil)
		for i := range 200 {
			err := f.Put(t.Context(), "object-"+string(rune('a'+i%26))+string(rune('a'+i/26)), nil)
			failed = append(failed, errors.Is(err, backendtest.ErrInjected))
		}
		return failed, len(names(t, inside, ""))
	}
	one, stored := outcomes(1)
	again, _ := outcomes(1)
	other, _ := outcomes(2)
	require.Equal(t, one, again)
	require.NotEqual(t, one, other)
	failures := 0
	for _, failed := range one {
		if failed {
			failures++
		}
	}
	require.InDelta(t, 60, failures, 30)
	require.Greater(t, stored, 200-failures, "some of the failed puts happened")
	require.Less(t, stored, 200, "and some did not")
}

func TestCountAndCalls(t *testing.T) {
	ctx := t.Context()
	f, _ := faulty(t, "condemned/1", "packs/1")
	names(t, f, "condemned/")
	names(t, f, "packs/")
	_, err := f.Get(ctx, "packs/2", 0, -1)
	require.ErrorIs(t, err, backend.ErrNotFound)
	require.Equal(t, []backendtest.Call{
		{Kind: backendtest.List, Name: "condemned/"},
		{Kind: backendtest.List, Name: "packs/"},
		{Kind: backendtest.Get, Name: "packs/2"},
	}, f.Calls())
	require.Equal(t, 3, f.Count(backendtest.Any, ""))
	require.Equal(t, 2, f.Count(backendtest.Any, "packs/"))
	require.Equal(t, 1, f.Count(backendtest.List, "packs/"))
	require.Zero(t, f.Count(backendtest.Write, ""))
}

func TestUnwrap(t *testing.T) {
	f, inside := faulty(t)
	require.Same(t, inside, f.Unwrap())
}
