package tasklog

import (
	"iter"
	"log/slog"
)

// maxLine is the longest line, in bytes, with its newline.
const maxLine = 64 << 10

const timeLayout = "2006-01-02T15:04:05.000000Z07:00"

// appendLine appends a record as a whole line.
func (h *Handler) appendLine(b []byte, r *slog.Record) []byte {
	start := len(b)
	b = append(b, '{')
	if t := r.Time.UTC(); !r.Time.IsZero() && t.Year() >= 0 && t.Year() <= 9999 { // RFC 3339 has no others
		b = append(b, `"time":"`...)
		b = append(t.AppendFormat(b, timeLayout), `",`...)
	}
	b = append(b, `"level":"`...)
	b = append(b, r.Level.String()...)
	b = append(b, '"')
	if stage := h.options.Stage(); stage != "" {
		b = appendString(appendKey(b, "stage"), stage)
	}
	b = appendString(appendKey(b, "msg"), r.Message)
	head := len(b)
	b = h.appendRecordAttrs(b, r)
	if len(b)+len("}\n")-start > maxLine {
		b = appendString(appendKey(b[:head], "left_out"), "the attributes: with them the line is too long")
	}
	return append(b, "}\n"...)
}

// appendRecordAttrs appends the attributes of the handler and of a record, and closes their groups.
func (h *Handler) appendRecordAttrs(b []byte, r *slog.Record) []byte {
	b = append(b, h.attrs...)
	open, before := h.open, len(b)
	if r.NumAttrs() > 0 {
		b = appendGroups(b, h.next)
		b = appendAttrs(b, r.Attrs)
		open += len(h.next)
		if endsOpen(b) && len(h.next) > 0 { // all were empty groups
			b, open = b[:before], h.open
		}
	}
	for range open {
		b = append(b, '}')
	}
	return b
}

// appendGroups begins groups, each within the one before.
func appendGroups(b []byte, names []string) []byte {
	for _, name := range names {
		b = append(appendKey(b, name), '{')
	}
	return b
}

// appendAttrs appends attributes, up to the first that makes the line too long anyway.
func appendAttrs(b []byte, attrs iter.Seq[slog.Attr]) []byte {
	for a := range attrs {
		if isHopeless(b) {
			break
		}
		b = appendAttr(b, a, 0)
	}
	return b
}

// isHopeless tells whether a line is too long already. A group that was just begun gets its first attribute even so: it
// would be taken for an empty one, and the line for a whole one.
func isHopeless(b []byte) bool { return len(b) > maxLine && !endsOpen(b) }

// appendKey appends what comes before a value.
func appendKey(b []byte, key string) []byte {
	if !endsOpen(b) {
		b = append(b, ',')
	}
	return append(appendString(b, key), ':')
}

// endsOpen tells whether b ends with the beginning of an object. A string that ends so is followed by its quote.
func endsOpen(b []byte) bool { return len(b) > 0 && b[len(b)-1] == '{' }
