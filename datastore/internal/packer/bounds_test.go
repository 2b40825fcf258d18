package packer

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
)

// TestBuffersAreBounded lets much be added by many while each Put waits for leave. No more than Uploads packs are put at
// a time, no more than Uploads+1 buffers of each kind exist, and what is under way is bounded by them. That it ends shows that nobody
// waits for ever.
func TestBuffersAreBounded(t *testing.T) {
	const workers, uploads, adders, each, size = 8, 1, 4, 100, 10_000
	var added, stored atomic.Int64
	var putting, most atomic.Int32
	var mu sync.Mutex
	buffers := map[*byte][]byte{} // the slices are kept, so that no address is used again
	entered, leave := make(chan struct{}), make(chan struct{})
	r := start(t, true, func(o *Options) {
		o.Workers, o.Uploads = workers, uploads
		o.Put = func(_ context.Context, _ string, data []byte) error {
			most.Store(max(most.Load(), putting.Add(1)))
			defer putting.Add(-1)
			entered <- struct{}{}
			<-leave
			mu.Lock()
			defer mu.Unlock()
			buffers[unsafe.SliceData(data)] = data
			return nil
		}
		o.Done = func(p Pack) error {
			stored.Add(p.DataSize())
			return nil
		}
	})
	var group sync.WaitGroup
	for g := range adders {
		group.Go(func() {
			for i := range each {
				kind := pack.Content
				if g%2 == 1 {
					kind = pack.Tree
				}
				require.NoError(t, r.Add(kind, item(2*(g*each+i)+1, size)))
				added.Add(size)
			}
		})
	}
	finished := make(chan error)
	go func() {
		group.Wait()
		finished <- r.Flush()
	}()
	// The buffers, and a chunk in the queue, in each worker's and in each adder's hands; one more for rounding.
	bound := int64((uploads+1)*(r.o.PackSize+r.o.PackSize/treeShare) + (workers+adders+2)*size)
	for {
		select {
		case <-entered:
			assert.LessOrEqual(t, added.Load()-stored.Load(), bound) // going on: the puts must end
			leave <- struct{}{}
		case err := <-finished:
			require.NoError(t, err)
			require.LessOrEqual(t, len(buffers), 2*(uploads+1))
			require.LessOrEqual(t, most.Load(), int32(uploads))
			require.GreaterOrEqual(t, stored.Load(), int64(adders*each*size))
			return
		}
	}
}
