package chunk

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
)

// IDSize is the length of an ID in bytes; its text form is twice as long.
const IDSize = 32

// ID names a chunk by its content. It is comparable and usable as a map key. The zero ID names nothing and is invalid:
// it is neither parsed nor marshalled.
type ID [IDSize]byte

var errZeroID = errors.New("the all-zero ID is invalid")

// ParseID reads the text form that [ID.String] writes: 64 lower-case hexadecimal digits. Nothing else is accepted, so
// that an ID has one spelling. The error says what is wrong and where.
func ParseID(s string) (ID, error) {
	id, err := parseID(s)
	if err != nil {
		return ID{}, fmt.Errorf("parse chunk ID %s: %w", quoteStart(s), err)
	}
	return id, nil
}

func parseID(s string) (ID, error) {
	if len(s) != 2*IDSize {
		return ID{}, fmt.Errorf("it is %d bytes long, want %d", len(s), 2*IDSize)
	}
	var id ID
	for i := range len(s) {
		digit, ok := hexDigit(s[i])
		if !ok {
			return ID{}, fmt.Errorf("%q at position %d is not a lower-case hexadecimal digit", s[i:i+1], i)
		}
		id[i/2] = id[i/2]<<4 | digit
	}
	if id.IsZero() {
		return ID{}, errZeroID
	}
	return id, nil
}

func hexDigit(c byte) (value byte, ok bool) {
	switch {
	case '0' <= c && c <= '9':
		return c - '0', true
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10, true
	}
	return 0, false
}

// quoteStart quotes s, or its beginning if s is so long that it would drown the message.
func quoteStart(s string) string {
	if len(s) <= 2*IDSize {
		return fmt.Sprintf("%q", s)
	}
	return fmt.Sprintf("%q…", s[:2*IDSize])
}

// String returns the ID as 64 lower-case hexadecimal digits.
func (id ID) String() string { return hex.EncodeToString(id[:]) }

// IsZero reports whether id is the zero value, which names nothing. The JSON option omitzero asks it.
func (id ID) IsZero() bool { return id == ID{} }

// Compare orders IDs by their bytes, which is also the order of their text forms: -1, 0 or +1, as [bytes.Compare].
func (id ID) Compare(other ID) int { return bytes.Compare(id[:], other[:]) }

// MarshalText implements [encoding.TextMarshaler] with the form of [ID.String]. The zero ID is an error, because
// UnmarshalText would refuse it.
func (id ID) MarshalText() ([]byte, error) {
	if id.IsZero() {
		return nil, fmt.Errorf("marshal chunk ID: %w", errZeroID)
	}
	return hex.AppendEncode(nil, id[:]), nil
}

// UnmarshalText implements [encoding.TextUnmarshaler] as ParseID does. On error id is unchanged.
func (id *ID) UnmarshalText(text []byte) error {
	parsed, err := ParseID(string(text))
	if err != nil {
		return err
	}
	*id = parsed
	return nil
}
