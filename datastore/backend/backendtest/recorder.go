package backendtest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"iter"
	"math"
	"slices"
	"sync"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

// Recorder is a backend that passes everything on to another one and records the writes of a run: what was put or
// deleted, and when each call began and returned. States then makes every content that a power loss during the run
// could have left. It is safe for concurrent use; Record makes one.
//
// Durable means returned: a write that returned nil is in every later state. One that had begun may have happened or
// not. One that failed stays in doubt until a later write of its name succeeds, except with ErrExist, ErrReadOnly or
// ErrBadName, which say that nothing changed. The Recorder takes the backend at its word: whether that word holds,
// whether data is on the disk when Put returns, is for the backend's own tests to find out.
//
// Everything that is put stays in memory as long as the Recorder does.
type Recorder struct {
	inner backend.Backend
	start map[string][]byte // what the storage held when recording began

	mu    sync.Mutex
	steps []step
}

// Record reads what inner holds now and returns a Recorder around it. Nothing else may write to inner until the run is
// over, or the states lack it.
func Record(ctx context.Context, inner backend.Backend) (*Recorder, error) {
	start := map[string][]byte{}
	for info, err := range inner.List(ctx, "") {
		if err != nil {
			return nil, fmt.Errorf("record: %w", err)
		}
		data, err := backend.ReadAll(ctx, inner, info.Name, math.MaxInt64)
		if err != nil {
			return nil, fmt.Errorf("record: %w", err)
		}
		start[info.Name] = data
	}
	return &Recorder{inner: inner, start: start}, nil
}

// Unwrap implements backend.Wrapper.
func (r *Recorder) Unwrap() backend.Backend { return r.inner }

// Mark notes a promise that the run has made, such as "snapshot 7 is kept". Every Point after it shows it, so that the
// check of a state knows what must be there.
func (r *Recorder) Mark(text string) { r.note(step{event: marked, text: text}) }

// Put implements backend.Backend.
func (r *Recorder) Put(ctx context.Context, name string, data []byte) error {
	w := &write{Call{Put, name}, bytes.Clone(data)}
	return r.record(w, func() error { return r.inner.Put(ctx, name, data) })
}

// Delete implements backend.Backend.
func (r *Recorder) Delete(ctx context.Context, name string) error {
	w := &write{call: Call{Delete, name}}
	return r.record(w, func() error { return r.inner.Delete(ctx, name) })
}

// Get implements backend.Backend.
func (r *Recorder) Get(ctx context.Context, name string, offset, length int64) (io.ReadCloser, error) {
	return r.inner.Get(ctx, name, offset, length)
}

// List implements backend.Backend.
func (r *Recorder) List(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
	return r.inner.List(ctx, prefix)
}

func (r *Recorder) record(w *write, do func() error) error {
	if backend.CheckName(w.call.Name) != nil {
		return do() // no storage holds such an object
	}
	r.note(step{event: began, write: w})
	err := do()
	r.note(step{event: returned, write: w, err: err})
	return err
}

func (r *Recorder) note(s step) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.steps = append(r.steps, s)
}

// recorded returns the steps so far. The Recorder appends only, so they stay as they are.
func (r *Recorder) recorded() []step {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clip(r.steps)
}
