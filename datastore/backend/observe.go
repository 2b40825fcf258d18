package backend

import (
	"context"
	"errors"
	"io"
	"iter"
	"time"
)

// Kind is the kind of a storage operation.
type Kind string

// The four operations of a Backend.
const (
	KindPut    Kind = "put"
	KindGet    Kind = "get"
	KindList   Kind = "list"
	KindDelete Kind = "delete"
)

// Op describes one finished operation.
type Op struct {
	Kind     Kind
	Name     string        // the object, or the prefix of a listing
	Bytes    int64         // stored by a successful put, or read from a get's reader; else 0
	Duration time.Duration // from the call to its end; of a get until its reader is closed, of a list until its loop ends
	Err      error         // nil if it succeeded; an early end of a loop or reader by its user is no error
}

// Observe returns b with report called once for each operation when it has ended: for figures and logs. The call is
// made from the goroutine of the operation, which waits for it, and concurrently from several: report must be quick
// and safe for concurrent use. A reader that is never closed is never reported. A nil now means time.Now.
func Observe(b Backend, now func() time.Time, report func(Op)) Backend {
	if now == nil {
		now = time.Now
	}
	return observer{b, now, report}
}

type observer struct {
	Backend
	now    func() time.Time
	report func(Op)
}

func (o observer) Unwrap() Backend { return o.Backend }

func (o observer) done(kind Kind, name string, start time.Time, bytes int64, err error) {
	o.report(Op{Kind: kind, Name: name, Bytes: bytes, Duration: o.now().Sub(start), Err: err})
}

func (o observer) Put(ctx context.Context, name string, data []byte) error {
	start := o.now()
	err := o.Backend.Put(ctx, name, data)
	stored := int64(len(data))
	if err != nil {
		stored = 0
	}
	o.done(KindPut, name, start, stored, err)
	return err
}

func (o observer) Delete(ctx context.Context, name string) error {
	start := o.now()
	err := o.Backend.Delete(ctx, name)
	o.done(KindDelete, name, start, 0, err)
	return err
}

func (o observer) List(ctx context.Context, prefix string) iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		start := o.now()
		var failed error
		defer func() { o.done(KindList, prefix, start, 0, failed) }()
		for info, err := range o.Backend.List(ctx, prefix) {
			failed = err
			if !yield(info, err) {
				return
			}
		}
	}
}

func (o observer) Get(ctx context.Context, name string, offset, length int64) (io.ReadCloser, error) {
	start := o.now()
	r, err := o.Backend.Get(ctx, name, offset, length)
	if err != nil {
		o.done(KindGet, name, start, 0, err)
		return nil, err
	}
	return &observedReader{ReadCloser: r, observer: o, name: name, start: start}, nil
}

// observedReader counts what is read and reports at Close.
type observedReader struct {
	io.ReadCloser
	observer observer
	name     string
	start    time.Time
	bytes    int64
	err      error
	closed   bool
}

func (r *observedReader) Read(p []byte) (int, error) {
	n, err := r.ReadCloser.Read(p)
	r.bytes += int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		r.err = err
	}
	return n, err
}

func (r *observedReader) Close() error {
	err := r.ReadCloser.Close()
	if r.closed {
		return err
	}
	r.closed = true
	if r.err == nil {
		r.err = err
	}
	r.observer.done(KindGet, r.name, r.start, r.bytes, r.err)
	return err
}
