package datastore

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/internal/document"
	"github.com/heirloom-backup/heirloom/datastore/internal/index"
	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
	"github.com/heirloom-backup/heirloom/datastore/internal/packer"
)

// SessionOptions say how a session writes. The zero value is good for most.
type SessionOptions struct {
	Host   string      // recorded in the session's object, for people
	Level  chunk.Level // of compression
	DryRun bool        // everything is named and looked up, nothing is stored; Commit fails
}

// Session is a writer: it adds chunks to the store and commits snapshots of them. While it lives, collections in other
// processes see it and leave what it wrote alone. It is safe for concurrent use, but for Commit and Close.
type Session struct {
	store   *Store
	o       SessionOptions
	started time.Time
	codec   *chunk.Codec
	packer  *packer.Packer // nil in a dry run
	stats   sessionStats
	pulse   pulse

	renewing sync.Mutex // one at a time finds out that the session was fenced

	mu       sync.Mutex
	id       string                // of the session's object; a new one if a collector has fenced it
	pending  map[chunk.ID]struct{} // stored by this session and not yet in the catalog
	all      *footing              // what the session relied on and stored from the beginning
	anew     *footing              // what the snapshot being committed stands on since it was made whole; nil: was not
	unlisted segment               // packs written and in no index segment yet
}

// sessionStats are counted while chunks come in.
type sessionStats struct {
	chunks, chunksNew, bytesNew, bytesNewTrees, bytesStored, bytesPacked atomic.Int64
}

// segment collects packs for one index segment.
type segment struct {
	listed  []pack.Listed
	sources []index.Source
	chunks  int
	since   time.Time // of the last flush
}

// sessionDoc is the payload of sessions/<id>.
type sessionDoc struct {
	Format  int       `json:"format"`
	Started time.Time `json:"started"`
	Host    string    `json:"host,omitempty"`
}

// Begin opens a session. The caller closes it, also after a commit. ctx bounds all that the session stores.
func (s *Store) Begin(ctx context.Context, o SessionOptions) (*Session, error) {
	w := &Session{store: s, o: o, started: s.now(), pending: map[chunk.ID]struct{}{}, all: newFooting()}
	w.unlisted.since = w.started
	if o.DryRun {
		return w, s.survey(ctx)
	}
	var err error
	if w.codec, err = chunk.NewCodec(chunk.CodecOptions{Level: o.Level, Concurrency: s.o.Concurrency}); err != nil {
		return nil, fmt.Errorf("begin session: %w", err)
	}
	if err := w.open(ctx); err != nil {
		return nil, fmt.Errorf("begin session: %w", err)
	}
	// Only now: what is looked up before collectors can see the session may go while it is being relied on.
	if err := s.survey(ctx); err != nil {
		return nil, fmt.Errorf("begin session: %w", errors.Join(err, w.leave(ctx)))
	}
	w.packer = packer.New(ctx, packer.Options{
		Codec: w.codec, Key: s.signer, Public: s.config.public(), FrameSize: s.o.FrameSize, SoloSize: s.o.FrameSize / 4,
		PackSize: s.o.PackSize, Workers: s.o.Concurrency, Uploads: s.o.Uploads, NewName: w.newPackName,
		Put: func(ctx context.Context, id string, data []byte) error {
			return s.backend.Put(ctx, packObject(id), data)
		},
		Done: func(p packer.Pack) error { return w.packed(ctx, p) },
	})
	w.pulse.start(func() { w.beat(ctx) })
	return w, nil
}

// survey finds out what a new snapshot may rely on.
func (s *Store) survey(ctx context.Context) error {
	if err := s.refresh(ctx); err != nil {
		return err
	}
	if err := s.catalog.writable(); err != nil {
		return err
	}
	state, err := s.State(ctx)
	if err != nil {
		return err
	}
	s.catalog.avoid(state)
	return nil
}

// open stores the session's object under a new id.
func (w *Session) open(ctx context.Context) error {
	id := newID()
	doc := sessionDoc{Format: document.Format, Started: w.started.UTC(), Host: w.o.Host}
	if _, err := w.store.putDoc(ctx, sessionPrefix+id, doc); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.id = id
	return nil
}

// ID returns the id of the session's object.
func (w *Session) ID() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.id
}

func (w *Session) newPackName() string { return newID() + "-" + w.ID() }

// Close ends the session. What was not committed is left for the next run, which finds and reuses it.
func (w *Session) Close() error {
	if w.packer == nil {
		return nil
	}
	w.packer.Close()
	w.codec.Close()
	w.pulse.stop()
	err := w.leave(context.Background())
	if errors.Is(err, backend.ErrReadOnly) {
		w.store.o.Logger.Info("session's objects stay: nothing may be deleted here", "session", w.ID())
		return nil
	}
	return err
}

// farewell is how long a session may take to remove its objects after the caller's context has ended.
const farewell = 30 * time.Second

// leave removes the session's objects. They are a courtesy: a session that could not leave is fenced some day.
func (w *Session) leave(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewell)
	defer cancel()
	if err := w.store.backend.Delete(ctx, sessionPrefix+w.ID()); err != nil {
		return fmt.Errorf("end session: %w", err)
	}
	return w.dropBeat(ctx)
}
