package tasklog

import (
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
	"unicode/utf8"
)

// String returns what AppendText appends.
func (l Line) String() string { return string(l.AppendText(nil)) }

// AppendText appends the line as people read it, without a newline at its end:
//
//	2026-11-22T02:00:00.123Z WARN  [upload] skipped a file path="/home/a b" size=12 source.kind=folder
//
// An attribute of several lines, such as a stack, follows on lines of its own, each behind four spaces and a bar.
// Nothing that a terminal would take for a command, or that reorders text, comes out as such: "\x1b" and "\u202e" are
// written for it.
func (l Line) AppendText(b []byte) []byte {
	if !l.Time.IsZero() {
		b = l.Time.UTC().AppendFormat(b, "2006-01-02T15:04:05.000Z ")
	}
	b = fmt.Appendf(b, "%-5s ", l.Level)
	if l.Stage != "" {
		b = append(appendVisible(append(b, '['), l.Stage), "] "...)
	}
	if l.Damaged {
		b = append(b, "(damaged line) "...)
	}
	b = appendVisible(b, l.Message)
	var long []Attr
	for _, a := range l.Attrs {
		if a.Value[0] == '"' && strings.Contains(unquote(a.Value), "\n") {
			long = append(long, a)
			continue
		}
		b = appendPair(b, a.Key, a.Value)
	}
	for _, a := range long {
		b = appendParagraph(b, a.Key, unquote(a.Value))
	}
	return b
}

// maxPath bounds the names of what lies in groups. A line could otherwise become many times as long as it is: each name
// repeats those of its groups.
const maxPath = 128

// appendPair appends an attribute, or those of a group by their path.
func appendPair(b []byte, path string, value json.RawMessage) []byte {
	if value[0] == '{' && len(path) <= maxPath {
		before := len(b)
		for key, member := range members(value) {
			b = appendPair(b, path+"."+unquote(key), member)
		}
		if len(b) > before {
			return b
		}
	}
	b = append(appendQuoted(append(b, ' '), path), '=')
	if value[0] == '"' {
		return appendQuoted(b, unquote(value))
	}
	return appendQuoted(b, string(value))
}

// appendQuoted appends text, in quotes if it could be misread without.
func appendQuoted(b []byte, text string) []byte {
	if text == "" || strings.ContainsFunc(text, func(r rune) bool {
		return r == ' ' || r == '=' || r == '"' || r == utf8.RuneError || !strconv.IsPrint(r)
	}) {
		return strconv.AppendQuote(b, text)
	}
	return append(b, text...)
}

func appendParagraph(b []byte, key, text string) []byte {
	b = append(appendQuoted(append(b, "\n    "...), key), ':')
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
		b = append(b, "\n    | "...)
		b = appendVisible(b, strings.ReplaceAll(line, "\t", "    "))
	}
	return b
}

// appendVisible appends text with whatever is not to be seen written as in a Go string.
func appendVisible(b []byte, text string) []byte {
	for _, r := range text {
		if strconv.IsPrint(r) {
			b = utf8.AppendRune(b, r)
			continue
		}
		quoted := strconv.QuoteRune(r)
		b = append(b, quoted[1:len(quoted)-1]...)
	}
	return b
}

// WriteText writes lines as people read them, each with one Write and a newline at its end, and returns the number of
// bytes written. It stops at the first error, be it of the lines or of w.
func WriteText(w io.Writer, lines iter.Seq2[Line, error]) (n int64, err error) {
	var text []byte
	for line, err := range lines {
		if err != nil {
			return n, err
		}
		text = append(line.AppendText(text[:0]), '\n')
		written, err := w.Write(text)
		n += int64(written)
		if err != nil {
			return n, fmt.Errorf("write the task's log as text: %w", err)
		}
	}
	return n, nil
}
