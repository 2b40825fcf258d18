package tasklog

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"time"
)

// parse reads a line without its newline; missing is how many bytes raw is short of the whole.
func parse(raw []byte, missing int64) Line {
	if line := (Line{Raw: raw}); missing == 0 && line.parse() {
		return line
	}
	text := strings.ToValidUTF8(string(raw), "\uFFFD")
	if missing > 0 {
		text = fmt.Sprintf("%s… (%s bytes left out)", text, appendGrouped(nil, missing))
	}
	return Line{Raw: raw, Level: slog.LevelWarn, Message: text, Damaged: true}
}

// parse fills the line in from its Raw, and tells whether a Handler can have written it.
func (l *Line) parse() bool {
	object := bytes.TrimSpace(l.Raw)
	if !json.Valid(object) || object[0] != '{' {
		return false
	}
	var hasLevel, hasMessage bool
	for key, value := range members(object) {
		ok := true
		switch name := unquote(key); {
		case hasMessage:
			l.Attrs = append(l.Attrs, Attr{Key: name, Value: value})
		case name == "time":
			l.Time, ok = parseTime(value)
		case name == "level":
			ok = l.Level.UnmarshalJSON(value) == nil
			hasLevel = ok
		case name == "stage" && value[0] == '"':
			l.Stage = unquote(value)
		case name == "msg" && value[0] == '"':
			l.Message, hasMessage = unquote(value), true
		default:
			ok = false
		}
		if !ok {
			return false
		}
	}
	return hasLevel && hasMessage
}

func parseTime(value []byte) (time.Time, bool) {
	if value[0] != '"' {
		return time.Time{}, false
	}
	t, err := time.Parse(time.RFC3339, unquote(value))
	return t.UTC(), err == nil
}
