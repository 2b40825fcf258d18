package packer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
)

var errDisk = errors.New("disk failure")

// TestPutFailsAtFirst has the first two puts fail: the pack is put three times, each time under a new name.
func TestPutFailsAtFirst(t *testing.T) {
	r := start(t, true, nil)
	var calls atomic.Int32
	r.storage.fail = func(string) error {
		if calls.Add(1) <= 2 {
			return errDisk
		}
		return nil
	}
	it := item(1, 1000)
	require.NoError(t, r.Add(pack.Content, it))
	require.NoError(t, r.Flush())
	require.Equal(t, []string{"pack 1", "pack 2", "pack 3"}, r.storage.names)
	require.Len(t, r.storage.packs, 1)
	equalContents(t, expect(it), r.contents(t))
}

// TestPutFails has a storage that never works: Flush says so, Add says so, and no name is ever used twice.
func TestPutFails(t *testing.T) {
	r := start(t, false, func(o *Options) { o.Workers = 4 })
	r.storage.fail = func(string) error { return errDisk }
	var err error
	for i := 0; err == nil; i++ {
		err = r.Add(pack.Content, item(2*i+1, 10_000))
	}
	require.ErrorIs(t, err, errDisk)
	require.ErrorContains(t, err, "store pack")
	require.ErrorIs(t, r.Flush(), errDisk)
	require.ErrorIs(t, r.Add(pack.Tree, node(1, 2, 3)), errDisk)
	require.ErrorIs(t, r.Flush(), errDisk)
	names := slices.Clone(r.storage.names)
	slices.Sort(names)
	require.Len(t, slices.Compact(names), len(r.storage.names))
	require.GreaterOrEqual(t, len(names), attempts)
	require.Empty(t, r.storage.done)
}

func TestNotWorthAnotherTry(t *testing.T) {
	for name, tc := range map[string]struct {
		ctx func(t *testing.T) context.Context
		err error
	}{
		"read only": {(*testing.T).Context, fmt.Errorf("put: %w", backend.ErrReadOnly)},
		"cancelled": {func(t *testing.T) context.Context {
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			return ctx
		}, context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			o := start(t, false, nil).o
			calls := 0
			o.Put = func(context.Context, string, []byte) error { calls++; return tc.err }
			p := New(tc.ctx(t), o)
			defer p.Close()
			require.NoError(t, p.Add(pack.Content, item(1, 10)))
			require.ErrorIs(t, p.Flush(), tc.err)
			require.Equal(t, 1, calls)
		})
	}
}

func TestDoneFails(t *testing.T) {
	r := start(t, false, func(o *Options) { o.Done = func(Pack) error { return errDisk } })
	require.NoError(t, r.Add(pack.Content, item(1, 10)))
	require.ErrorIs(t, r.Flush(), errDisk)
	require.Len(t, r.storage.names, 1, "the pack was stored: it is not put again")
}

// TestNothingIsPutAfterAFrameThatDoesNotDecode has a codec that refuses to decompress what it compressed.
func TestNothingIsPutAfterAFrameThatDoesNotDecode(t *testing.T) {
	for _, sealed := range []bool{false, true} {
		broken, err := chunk.NewCodec(chunk.CodecOptions{MaxSize: 5000})
		require.NoError(t, err)
		t.Cleanup(broken.Close)
		r := start(t, sealed, func(o *Options) { o.Codec = broken })
		require.NoError(t, r.Add(pack.Tree, node(1, 40, 500)))
		require.NoError(t, r.Add(pack.Content, item(0, 6000)))
		require.ErrorContains(t, r.Flush(), "check frame before it is stored")
		require.ErrorIs(t, r.Add(pack.Content, item(3, 10)), pack.ErrDamaged)
		require.ErrorIs(t, r.Flush(), pack.ErrDamaged)
		r.Close()
		require.Empty(t, r.storage.names, "not even the good frames' pack")
	}
}

// TestBadPublicKey cannot make a pack at all, however many goroutines try.
func TestBadPublicKey(t *testing.T) {
	r := start(t, false, func(o *Options) { o.Public, o.Workers, o.Uploads = make([]byte, 32), 8, 1 })
	var group sync.WaitGroup
	for g := range 8 {
		group.Go(func() {
			for i := range 20 {
				if r.Add(pack.Content, item(g*100+i, 10_000)) != nil {
					return
				}
			}
		})
	}
	group.Wait()
	require.ErrorContains(t, r.Flush(), "seal pack key")
	r.Close()
	require.True(t, r.shelf.allBack(), "no buffer is lost")
}

// TestCloseWithoutFlush leaves nothing behind; goleak looks for the goroutines.
func TestCloseWithoutFlush(t *testing.T) {
	r := start(t, true, nil)
	for i := range 10 {
		require.NoError(t, r.Add(pack.Content, item(i, 500)))
		require.NoError(t, r.Add(pack.Tree, node(100+i, 34, 500)))
	}
	r.Close()
	r.Close()
	require.Empty(t, r.storage.packs)
	require.ErrorIs(t, r.Add(pack.Content, item(1, 1)), ErrClosed)
	require.True(t, r.shelf.allBack())
}

func TestCloseAtOnce(t *testing.T) {
	start(t, false, nil).Close()
}

// allBack says whether nobody has a buffer.
func (s *shelf) allBack() bool {
	for _, b := range s.buffers {
		if len(b.back)+len(b.unmade) < cap(b.back) {
			return false
		}
	}
	return true
}

// TestBuffersAreUsedAgain before another one is made.
func TestBuffersAreUsedAgain(t *testing.T) {
	b := newBuffers(3, 1000)
	first := b.get()
	b.put(first)
	again := b.get()
	require.Same(t, &first[:1][0], &again[:1][0])
	second, third := b.get(), b.get()
	require.NotSame(t, &second[:1][0], &third[:1][0])
	require.Empty(t, b.unmade)
	b.put(third)
	require.Same(t, &third[:1][0], &b.get()[:1][0])
}
