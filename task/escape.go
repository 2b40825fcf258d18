package task

import (
	"encoding/hex"
	"fmt"
	"strings"
)

// escapeUnit writes text as systemd writes the names of units (systemd.unit(5), "String Escaping for Inclusion in Unit
// Names"): "/" becomes "-", and whatever is not a letter, a digit, "_" or an inner "." becomes \xNN. The colon, which
// systemd leaves as it is, is escaped as well: it separates the fields of a UPID.
func escapeUnit(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	for i := range len(text) {
		switch c := text[i]; {
		case c == '/':
			b.WriteByte('-')
		case plainInUnit(c, i):
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, `\x%02x`, c)
		}
	}
	return b.String()
}

func plainInUnit(c byte, at int) bool {
	return isAlphanumeric(c) || c == '_' || c == '.' && at > 0
}

// escapeError says where an escaped text breaks the rules.
type escapeError struct {
	at     int
	reason string
}

func (e *escapeError) Error() string { return fmt.Sprintf("byte %d: %s", e.at, e.reason) }

// unescapeUnit is the inverse of escapeUnit. A text that escapeUnit would not have written is refused, so that a name
// has one form only; but the case of the two digits does not matter.
func unescapeUnit(text string) (string, error) {
	raw := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '-':
			raw = append(raw, '/')
		case c == '\\':
			b, err := unescapeByte(text[i:], len(raw))
			if err != nil {
				return "", &escapeError{i, err.Error()}
			}
			raw = append(raw, b)
			i += 3
		case plainInUnit(c, len(raw)):
			raw = append(raw, c)
		default:
			return "", &escapeError{i, fmt.Sprintf(`%q is to be written \x%02x here`, c, c)}
		}
	}
	return string(raw), nil
}

// unescapeByte reads the \xNN that text begins with. The byte will stand at the given place of the name.
func unescapeByte(text string, at int) (byte, error) {
	var b [1]byte
	if len(text) < 4 || text[1] != 'x' {
		return 0, fmt.Errorf(`after a backslash, x and two hexadecimal digits are needed`)
	}
	if _, err := hex.Decode(b[:], []byte(text[2:4])); err != nil {
		return 0, fmt.Errorf(`after \x, two hexadecimal digits are needed`)
	}
	if b[0] == '/' || plainInUnit(b[0], at) {
		return 0, fmt.Errorf("%q is not to be escaped here", b[0])
	}
	return b[0], nil
}
