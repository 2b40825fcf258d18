package task

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"time"
)

// Position is the place of a UPID in the order of time: a short name of fixed size that compares, byte by byte, as
// UPID.Compare does. Stores name files and order records by it, and a Cursor holds one.
//
// It holds, big-endian, Start (4 bytes), ProcessStart (5), PID (4), TaskID (8), and the first 8 bytes of the SHA-256 of
// the text form, which tells apart UPIDs that differ in nothing else but node, type, id or auth.
type Position [29]byte

// Position returns the place of u.
func (u UPID) Position() (p Position) {
	binary.BigEndian.PutUint64(p[1:], u.ProcessStart) // its upper three bytes are zero, and Start goes over them
	binary.BigEndian.PutUint32(p[:], u.Start)
	binary.BigEndian.PutUint32(p[9:], uint32(u.PID))
	binary.BigEndian.PutUint64(p[13:], u.TaskID)
	sum := sha256.Sum256([]byte(u.String()))
	copy(p[21:], sum[:8])
	return p
}

// String returns the position in hexadecimal digits, 58 of them, which sort as positions do.
func (p Position) String() string { return hex.EncodeToString(p[:]) }

// IsZero tells whether p is no position.
func (p Position) IsZero() bool { return p == Position{} }

// ParsePosition reads what String wrote.
func ParsePosition(text string) (p Position, err error) {
	if len(text) != hex.EncodedLen(len(p)) {
		return Position{}, fmt.Errorf("position %q: %d hexadecimal digits are needed", shorten(text), hex.EncodedLen(len(p)))
	}
	if _, err := hex.Decode(p[:], []byte(text)); err != nil {
		return Position{}, fmt.Errorf("position %q: %w", shorten(text), err)
	}
	return p, nil
}

// shorten keeps a text that somebody gave us from filling an error message.
func shorten(text string) string {
	if len(text) > 100 {
		return text[:100] + "…"
	}
	return text
}

// Time returns the time of the UPID, to the second, in UTC.
func (p Position) Time() time.Time { return time.Unix(int64(binary.BigEndian.Uint32(p[:4])), 0).UTC() }
