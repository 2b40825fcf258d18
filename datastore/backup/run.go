package backup

import (
	"context"
	"sync"
	"time"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/tree"
)

const (
	walkers    = 16      // folders listed at the same time
	windowSize = 1024    // entries of one folder on their way
	bigBuffers = 5       // buffers for files that are read piece by piece
	bigBuffer  = 2 << 20 // bytes
)

// run is one run over a source.
type run struct {
	store    *datastore.Store
	w        *datastore.Session
	o        Options
	parent   *datastore.Snapshot
	started  time.Time
	warnings warnings
	content  chunk.Splitter
	image    chunk.Splitter
	grain    int // bytes: the blocks in which an image's zeros are looked for

	jobs    chan *job
	walkers chan struct{} // a token for each folder walked by a goroutine of its own
	buffers chan []byte   // for files that are read piece by piece; nil ones are made when first taken
}

func newRun(store *datastore.Store, w *datastore.Session, o Options, parent *datastore.Snapshot, started time.Time) *run {
	r := &run{store: store, w: w, o: o, parent: parent, started: started,
		content: store.Splitter(datastore.ForContent), image: store.Splitter(datastore.ForImages), grain: grainOf(store.Splitters().Image),
		jobs: make(chan *job), walkers: make(chan struct{}, walkers), buffers: make(chan []byte, bigBuffers)}
	for range bigBuffers {
		r.buffers <- nil
	}
	return r
}

// startReaders starts the goroutines that read files. The returned function ends them; all jobs must be done by then.
func (r *run) startReaders(ctx context.Context) (stop func()) {
	var group sync.WaitGroup
	for range r.o.Readers {
		group.Go(func() { (&reader{run: r}).work(ctx) })
	}
	return func() {
		close(r.jobs)
		group.Wait()
	}
}

// item is an entry on its way into its folder's node.
type item struct {
	entry tree.Entry
	skip  bool // it could not be read; a warning says why
	err   error
	done  chan struct{} // closed when the item is ready; nil: it is
}

func (it *item) wait() error {
	if it.done != nil {
		<-it.done
	}
	return it.err
}
