package tasklog

import (
	"context"
	"io"
	"log/slog"
	"slices"
)

// Handler is a slog.Handler that appends lines to a log. It and the handlers made from it share one log, and are safe
// for concurrent use. A line is written with one Write before Handle returns, so that the death of the process costs
// none that was logged.
//
// Logging never fails the work that is logged. A value that panics or cannot be encoded is replaced with a text that
// says so. A line that cannot be written is counted, and the next one is tried again; see Err.
type Handler struct {
	log       *appender
	options   Options
	unlimited bool

	attrs []byte   // of WithAttrs, as they stand in a line
	open  int      // groups in attrs that are not closed
	next  []string // groups that begin with the next attribute; one without any does not appear
}

var _ slog.Handler = (*Handler)(nil)

// NewHandler returns a handler that appends to w. It makes one Write at a time, each of whole lines. If w is a file it
// is to be open for appending. The caller closes first the handler, then w.
func NewHandler(w io.Writer, o Options) *Handler {
	o = o.withDefaults()
	return &Handler{log: newAppender(w, o), options: o}
}

// Unlimited returns a handler of the same log whose lines are written also when it is full. It is for the few that say
// how a task ended.
func (h *Handler) Unlimited() *Handler {
	u := *h
	u.unlimited = true
	return &u
}

// Enabled implements slog.Handler.
func (h *Handler) Enabled(_ context.Context, level slog.Level) bool {
	return level >= h.options.Level.Level()
}

// Handle implements slog.Handler. It returns the error of the writer, or ErrClosed.
func (h *Handler) Handle(_ context.Context, r slog.Record) error {
	b := takeBuffer()
	defer b.release()
	b.line = h.appendLine(b.line, &r)
	return h.log.append(b.line, h.unlimited)
}

// WithAttrs implements slog.Handler.
func (h *Handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	with := *h
	before := slices.Clip(h.attrs)
	after := appendAttrs(appendGroups(before, h.next), slices.Values(attrs))
	if endsOpen(after) && len(h.next) > 0 || len(attrs) == 0 {
		return h // nothing but empty groups
	}
	with.attrs, with.open, with.next = after, h.open+len(h.next), nil
	return &with
}

// WithGroup implements slog.Handler.
func (h *Handler) WithGroup(name string) slog.Handler {
	if name == "" {
		return h
	}
	with := *h
	with.next = append(slices.Clip(h.next), name)
	return &with
}

// Err returns the first error of the writer, nil if there was none.
func (h *Handler) Err() error { return h.log.firstError() }

// Close adds a line that says how many lines were left out, if any were, and returns what Err returns. Whatever is
// logged later is dropped. It does not close the writer. A second call does nothing else than the first.
func (h *Handler) Close() error { return h.log.close() }
