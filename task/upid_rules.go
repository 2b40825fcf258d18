package task

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxUPID is the longest text of a UPID, in bytes: the longest file name there is fits in as its id, escaped.
const maxUPID = 32 << 10

const maxProcessStart = 1<<36 - 1 // nine hexadecimal digits

// Validate says which rule the UPID breaks, if any. What it accepts survives being written and parsed.
func (u UPID) Validate() error {
	switch {
	case u.PID < 0:
		return fmt.Errorf("upid: pid %d is negative", u.PID)
	case u.ProcessStart > maxProcessStart:
		return fmt.Errorf("upid: pstart %#x has more than nine hexadecimal digits", u.ProcessStart)
	case len(u.Node)+len(u.Type)+len(u.Auth)+4*len(u.ID) > maxUPID-64 && len(u.String()) > maxUPID:
		return fmt.Errorf("upid: node, type, id and auth together are too long for %d bytes of text", maxUPID)
	}
	if at, err := checkNode(u.Node); err != nil {
		return fmt.Errorf("upid: node %q: byte %d: %w", u.Node, at, err)
	}
	if at, err := checkWord(u.Type); err != nil {
		return fmt.Errorf("upid: type %q: byte %d: %w", u.Type, at, err)
	}
	if at, err := checkWord(u.Auth); err != nil {
		return fmt.Errorf("upid: auth %q: byte %d: %w", u.Auth, at, err)
	}
	return nil
}

var errEmpty = errors.New("it is empty")

// checkNode returns the place of what a node's name must not have.
func checkNode(node string) (at int, err error) {
	if node == "" {
		return 0, errEmpty
	}
	for i := range len(node) {
		switch c := node[i]; {
		case isAlphanumeric(c):
		case c == '-' && i > 0 && i < len(node)-1:
		case c == '-':
			return i, errors.New("a hyphen stands only between letters and digits")
		default:
			return i, errors.New("only letters, digits and inner hyphens are allowed")
		}
	}
	return 0, nil
}

// checkWord returns the place of what a type or an auth must not have. Control characters are kept out because people
// see these words on terminals, and broken UTF-8 because JSON has no way to write it.
func checkWord(word string) (at int, err error) {
	if word == "" {
		return 0, errEmpty
	}
	for i, r := range word {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(word[i:], string(utf8.RuneError)):
			return i, errors.New("it is not UTF-8")
		case r == ':':
			return i, errors.New("a colon is not allowed")
		case unicode.IsSpace(r):
			return i, errors.New("white space is not allowed")
		case unicode.IsControl(r):
			return i, errors.New("a control character is not allowed")
		}
	}
	return 0, nil
}

func isAlphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
