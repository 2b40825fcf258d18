package task

import (
	"io"
	"sync"
)

// memoryLog is the log of a task in a memory store, for its writer and any number of readers.
type memoryLog struct {
	mu    sync.Mutex
	data  []byte
	ended bool
}

func (l *memoryLog) append(p []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.data = append(l.data, p...)
}

// memoryLogWriter appends to a log while the claim is held.
type memoryLogWriter struct {
	claim *memoryClaim
	log   *memoryLog
}

func (w *memoryLogWriter) Write(p []byte) (int, error) {
	w.claim.store.mu.Lock()
	defer w.claim.store.mu.Unlock()
	if err := w.claim.held(); err != nil {
		return 0, err
	}
	w.log.append(p)
	return len(p), nil
}

func (w *memoryLogWriter) Size() int64 { return w.log.Size() }

func (l *memoryLog) ReadAt(p []byte, offset int64) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if offset < 0 || offset >= int64(len(l.data)) {
		return 0, io.EOF
	}
	n := copy(p, l.data[offset:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (l *memoryLog) Ended() (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.ended, nil
}

func (l *memoryLog) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended = true
}

func (l *memoryLog) Size() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return int64(len(l.data))
}

// openMemoryLog is a log that somebody reads.
type openMemoryLog struct{ *memoryLog }

func (l openMemoryLog) Size() (int64, error) { return l.memoryLog.Size(), nil }

func (l openMemoryLog) Close() error { return nil }
