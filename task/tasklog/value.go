package tasklog

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"math"
	"strconv"
	"strings"
	"time"
)

// maxNesting is how deep groups may lie in groups. One whose LogValue returns itself would have no end.
const maxNesting = 32

// appendAttr appends an attribute that lies within so many groups. Those that slog's rules call empty are left out.
func appendAttr(b []byte, a slog.Attr, depth int) []byte {
	value := a.Value.Resolve()
	switch {
	case a.Key == "" && value.Equal(slog.Value{}):
		return b
	case value.Kind() != slog.KindGroup:
		return appendValue(appendKey(b, a.Key), value)
	case depth == maxNesting:
		return appendString(appendKey(b, a.Key), "!ERROR: too many groups within groups")
	case a.Key == "":
		return appendMembers(b, value.Group(), depth)
	}
	before := len(b)
	b = append(appendKey(b, a.Key), '{')
	if b = appendMembers(b, value.Group(), depth); endsOpen(b) {
		return b[:before]
	}
	return append(b, '}')
}

// appendMembers appends what is in a group, up to the attribute that makes the line too long anyway.
func appendMembers(b []byte, group []slog.Attr, depth int) []byte {
	for _, a := range group {
		if isHopeless(b) {
			break
		}
		b = appendAttr(b, a, depth+1)
	}
	return b
}

func appendValue(b []byte, v slog.Value) []byte {
	switch v.Kind() {
	case slog.KindString:
		return appendString(b, v.String())
	case slog.KindInt64:
		return strconv.AppendInt(b, v.Int64(), 10)
	case slog.KindUint64:
		return strconv.AppendUint(b, v.Uint64(), 10)
	case slog.KindFloat64:
		return appendFloat(b, v.Float64())
	case slog.KindBool:
		return strconv.AppendBool(b, v.Bool())
	case slog.KindDuration:
		return appendString(b, v.Duration().String())
	case slog.KindTime:
		return appendTime(b, v.Time())
	}
	return appendAny(b, v.Any())
}

// appendTime appends a time that is the value of an attribute.
func appendTime(b []byte, t time.Time) []byte {
	if y := t.Year(); y < 0 || y > 9999 {
		return appendString(b, t.String())
	}
	b = append(b, '"')
	return append(t.AppendFormat(b, time.RFC3339Nano), '"')
}

// appendFloat appends a number, or as a string what JSON has no number for.
func appendFloat(b []byte, f float64) []byte {
	text := strconv.AppendFloat(nil, f, 'g', -1, 64)
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return appendString(b, string(text))
	}
	return append(b, text...)
}

// appendAny appends a value by its own methods. Whatever they do, what is appended is one JSON value.
func appendAny(b []byte, v any) (result []byte) {
	defer func() {
		if p := recover(); p != nil {
			result = appendString(b, fmt.Sprintf("!PANIC: %v", p))
		}
	}()
	_, speaksJSON := v.(json.Marshaler)
	if err, ok := v.(error); ok && !speaksJSON {
		return appendString(b, err.Error())
	}
	text, err := encode(v)
	switch {
	case err != nil:
		return appendString(b, "!ERROR: "+err.Error())
	case len(text) > maxString:
		return appendString(b, text)
	}
	return append(b, text...)
}

// encode returns v as JSON. A json.Marshaler can bring in bytes that are not UTF-8, and encoding/json lets them pass.
func encode(v any) (string, error) {
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return "", err
	}
	return strings.ToValidUTF8(strings.TrimSuffix(text.String(), "\n"), "\uFFFD"), nil
}
