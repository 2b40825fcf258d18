package main

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/heirloom-backup/heirloom/datastore"
)

// writeJSON writes the one document of a command.
func writeJSON(w io.Writer, document any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(document)
}

// jsonArray writes an array element by element, so that a list of a million files needs no memory.
type jsonArray struct {
	w     io.Writer
	count int
}

func (a *jsonArray) add(element any) error {
	separator := ",\n"
	if a.count == 0 {
		separator = "[\n"
	}
	a.count++
	data, err := json.Marshal(element)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(a.w, "%s%s", separator, data)
	return err
}

// finish ends the array. A command that fails leaves it open, so that no reader takes a part for the whole.
func (a *jsonArray) finish() error {
	end := "\n]\n"
	if a.count == 0 {
		end = "[]\n"
	}
	_, err := io.WriteString(a.w, end)
	return err
}

// stamp is a time in a document: RFC 3339, UTC, milliseconds; null if there is none.
type stamp time.Time

// MarshalJSON implements json.Marshaler.
func (s stamp) MarshalJSON() ([]byte, error) {
	t := time.Time(s)
	if t.IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(t.UTC().Format(datastore.TimeFormat))
}

// ratio returns a/b; nil, which is null, where there is nothing to divide by.
func ratio(a, b int64) *float64 {
	if b == 0 {
		return nil
	}
	return new(float64(a) / float64(b))
}

// warningJSON is one thing that was skipped, and why.
type warningJSON struct {
	Path   string `json:"path"`
	Reason string `json:"reason"`
}

func warningsJSON(warnings []datastore.Warning) []warningJSON {
	list := make([]warningJSON, len(warnings))
	for i, w := range warnings {
		list[i] = warningJSON{escape(w.Path), escape(w.Reason)}
	}
	return list
}
