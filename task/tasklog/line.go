package tasklog

import (
	"encoding/json"
	"log/slog"
	"time"
)

// Line is one line of a log. What it holds is the reader's own.
type Line struct {
	Offset int64 // of its first byte in the log
	End    int64 // of the byte after its newline: where to go on reading

	Time    time.Time // UTC; zero if the line has none
	Level   slog.Level
	Stage   string // "" if there was none
	Message string
	Attrs   []Attr // in the order in which they were logged

	// Damaged marks a line that no Handler has finished, such as one that a killed process left behind. Its text is the
	// Message, and the Level is slog.LevelWarn.
	Damaged bool

	// Raw is the line as the log has it, without the newline. Of one that is longer than any Handler writes it has the
	// first 64 KiB.
	Raw []byte
}

// Attr is an attribute of a line.
type Attr struct {
	Key   string
	Value json.RawMessage // valid JSON; a part of the line's Raw
}
