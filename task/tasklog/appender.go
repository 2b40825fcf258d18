package tasklog

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"
)

// ErrClosed says that a line came after the handler was closed.
var ErrClosed = errors.New("the task's log is closed")

// appender writes lines one after the other, and counts those that it does not.
type appender struct {
	w     io.Writer
	limit int64
	now   func() time.Time

	mu      sync.Mutex
	written int64 // bytes of the log
	torn    bool  // its last line may have no newline
	full    bool  // the line that says so has been tried
	closed  bool
	missing struct{ lines, bytes int64 }
	err     error // the first of the writer
}

func newAppender(w io.Writer, o Options) *appender {
	return &appender{w: w, limit: o.Limit, now: o.Now, written: o.Written, torn: o.Written > 0}
}

// append writes a line, which comes with a newline in front.
func (a *appender) append(line []byte, unlimited bool) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed {
		return ErrClosed
	}
	size := int64(len(line) - 1)
	var err error
	if unlimited || a.hasRoom(size) {
		if err = a.write(line); err == nil {
			return nil
		}
	}
	a.missing.lines++
	a.missing.bytes += size
	return err
}

// hasRoom tells whether a line fits in. The first that does not is announced; shorter ones after it are refused too, so
// that a log has no gaps.
func (a *appender) hasRoom(size int64) bool {
	if a.limit < 0 {
		return true
	}
	if !a.full && a.written+size > a.limit {
		a.full = true
		a.say("the log is full, later lines are left out", slog.Int64("limit", a.limit))
	}
	return !a.full
}

// write writes a line. One that fails may have left a part of itself.
func (a *appender) write(line []byte) error {
	if !a.torn {
		line = line[1:]
	}
	n, err := a.w.Write(line)
	a.written += int64(max(0, n))
	if err == nil && n < len(line) {
		err = io.ErrShortWrite
	}
	if err == nil {
		a.torn = false
		return nil
	}
	a.torn = a.torn || n > 0
	err = fmt.Errorf("write a line to the task's log: %w", err)
	if a.err == nil {
		a.err = err
	}
	return err
}

// say writes a line of the handler's own. Its failure is kept by write.
func (a *appender) say(message string, attrs ...slog.Attr) {
	r := slog.NewRecord(a.now(), slog.LevelWarn, message, 0)
	r.AddAttrs(attrs...)
	plain := &Handler{options: Options{}.withDefaults()}
	_ = a.write(plain.appendLine([]byte{'\n'}, &r))
}

func (a *appender) close() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if m := a.missing; !a.closed && m.lines > 0 {
		a.say("lines were left out", slog.Int64("lines", m.lines), slog.Int64("bytes", m.bytes))
	}
	a.closed = true
	return a.err
}

func (a *appender) firstError() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.err
}
