package backendtest

import (
	"context"
	"io"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

// Crash ends the process, as far as the storage can tell: from now on every operation, reader and listing fails with
// ErrCrashed and nothing reaches the backend inside. What it holds now is what the next process finds.
func (f *Faulty) Crash() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.crashed = true
}

// CrashBefore crashes the process just before the nth matching call from now: it does not happen.
func (f *Faulty) CrashBefore(kind backend.Kind, prefix string, nth int) {
	f.add(kind, prefix, nth, func(b backend.Backend) backend.Backend {
		return guarded{Backend: b, before: func(context.Context) error { return f.crash() }}
	})
}

// CrashAfter crashes the process just after the nth matching call from now: it has happened, and nobody learns of it.
func (f *Faulty) CrashAfter(kind backend.Kind, prefix string, nth int) {
	f.add(kind, prefix, nth, func(b backend.Backend) backend.Backend {
		return guarded{Backend: b, after: f.crash}
	})
}

// Crashed reports whether the process has crashed.
func (f *Faulty) Crashed() bool { return f.alive() != nil }

func (f *Faulty) crash() error {
	f.Crash()
	return ErrCrashed
}

func (f *Faulty) alive() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.crashed {
		return ErrCrashed
	}
	return nil
}

// crashingReader reads nothing more once the process has crashed.
type crashingReader struct {
	io.ReadCloser
	f *Faulty
}

func (r crashingReader) Read(p []byte) (int, error) {
	if err := r.f.alive(); err != nil {
		return 0, err
	}
	return r.ReadCloser.Read(p)
}
