package tasklog

import (
	"bytes"
	"encoding/json"
	"iter"
	"unicode/utf8"
)

// members yields the keys, in quotes, and the values of an object in their order, which a map would lose. It relies on
// object being valid JSON without white space around it.
func members(object []byte) iter.Seq2[[]byte, json.RawMessage] {
	return func(yield func([]byte, json.RawMessage) bool) {
		rest := bytes.TrimLeft(object[1:], whiteSpace)
		for rest[0] != '}' {
			key := rest[:valueEnd(rest)]
			rest = bytes.TrimLeft(rest[len(key):], whiteSpace+":")
			end := valueEnd(rest)
			value := rest[:end:end] // whoever appends to it shall not write over the line
			rest = bytes.TrimLeft(rest[end:], whiteSpace+",")
			if !yield(key, json.RawMessage(value)) {
				return
			}
		}
	}
}

const whiteSpace = " \t\r\n"

// valueEnd returns the length of the value with which text begins.
func valueEnd(text []byte) int {
	switch text[0] {
	case '"':
		return stringEnd(text)
	case '{', '[':
		return bracketEnd(text)
	}
	if i := bytes.IndexAny(text, whiteSpace+",]}"); i >= 0 {
		return i
	}
	return len(text)
}

func stringEnd(text []byte) int {
	i := 1
	for text[i] != '"' {
		if text[i] == '\\' {
			i++
		}
		i++
	}
	return i + 1
}

func bracketEnd(text []byte) int {
	depth, i := 0, 0
	for {
		switch text[i] {
		case '"':
			i += stringEnd(text[i:]) - 1
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
		i++
		if depth == 0 {
			return i
		}
	}
}

// unquote returns what a JSON string says.
func unquote(quoted []byte) string {
	inner := quoted[1 : len(quoted)-1]
	if bytes.IndexByte(inner, '\\') < 0 && utf8.Valid(inner) {
		return string(inner)
	}
	var s string
	if err := json.Unmarshal(quoted, &s); err != nil {
		return string(inner) // cannot be: it is valid
	}
	return s
}
