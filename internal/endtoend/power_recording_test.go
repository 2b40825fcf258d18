//go:build linux

package endtoend

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
	"github.com/heirloom-backup/heirloom/datastore/backup/source"
)

// recording is a store at which programs work while every write to it is recorded, and the truth about it: what was
// saved, and what the programs promised and when. All of them are real, and each opens the store for itself.
type recording struct {
	t          *testing.T
	land       *land  // what the backups save
	image      string // and a disk image, if there is one
	options    datastore.Options
	collecting datastore.CollectOptions // how programs collect

	storage *mem.Backend
	backend backend.Backend       // through which programs work
	rec     *backendtest.Recorder // nil until start
	session *datastore.Session    // of a writer that takes its time

	mu      sync.Mutex
	made    []*datastore.Snapshot          // in the order of their commits
	marks   []string                       // all of them; the recorder knows those since start
	early   int                            // marks before start
	want    map[chunk.ID]tableau           // what a snapshot with this root must restore to
	spoiled string                         // a pack that was damaged
	known   map[string]*datastore.Snapshot // those made, by ID
}

// tiny makes several packs and frames of a few files. One goroutine compresses, so that writes come in the same order.
var tiny = datastore.Options{PackSize: 8 << 10, FrameSize: 1 << 10, Concurrency: 1}

// newRecording makes a store and a folder to be saved.
func newRecording(t *testing.T) *recording {
	r := &recording{t: t, land: newLand(t, t.TempDir()), storage: mem.New(), options: tiny,
		collecting: datastore.CollectOptions{Probed: true, FenceAll: true},
		want:       map[chunk.ID]tableau{}, known: map[string]*datastore.Snapshot{}}
	r.backend = r.storage
	content := chunk.Params{Algorithm: chunk.Gear, Min: 1 << 10, Average: 2 << 10, Max: 4 << 10}
	image := chunk.Params{Algorithm: chunk.Fixed, Min: 4 << 10, Average: 4 << 10, Max: 4 << 10}
	require.NoError(t, datastore.Create(t.Context(), r.storage,
		datastore.CreateOptions{Splitters: datastore.Splitters{Content: content, Image: image}}))
	r.land.file("large", r.land.noise(25<<10))
	r.land.file("folder/constant", r.land.noise(12<<10))
	for _, name := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} { // several share a frame
		r.land.file("folder/small/"+name, r.land.noise(150))
	}
	r.land.symlink("large", "link")
	return r
}

// start begins to record. What the programs write from now on goes through wrap as well, if there is one.
func (r *recording) start(wrap func(backend.Backend) backend.Backend) {
	var err error
	slow := &unhurried{}
	r.rec, err = backendtest.Record(r.t.Context(), slow.below(r.storage))
	require.NoError(r.t, err)
	r.backend, r.early = slow.above(r.rec), len(r.marks)
	if wrap != nil {
		r.backend = wrap(r.backend)
	}
}

// mark notes a promise, or that one ends.
func (r *recording) mark(p promise, id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	text := string(p) + " " + id
	r.marks = append(r.marks, text)
	if r.rec != nil {
		r.rec.Mark(text)
	}
}

// do lets a program work at the store as a process of its own would.
func (r *recording) do(program func(s *datastore.Store) error) (err error) {
	s, err := datastore.Open(r.t.Context(), r.backend, r.options)
	if err != nil {
		return err
	}
	defer func() { // keeps the first error
		if closing := s.Close(); err == nil {
			err = closing
		}
	}()
	return program(s)
}

// sources returns what is saved, each with what it restores to.
func (r *recording) sources() []saved {
	list := []saved{{source.Folder(r.land.dir, source.FolderOptions{}), look(r.t, r.land.dir)}}
	if r.image != "" {
		disk := tableau{"disk.img": look(r.t, r.image)["disk.img"]}
		list = append(list, saved{source.ImageFile(r.image + "/disk.img"), disk})
	}
	return list
}

// saved is a source as it is now.
type saved struct {
	source.Source
	tableau tableau
}
