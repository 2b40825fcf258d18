// Package document is the encoding of the store's small objects: one line of JSON, and one line that seals it with a
// digest and, in an encrypted store, its writer's signature.
package document

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/heirloom-backup/heirloom/datastore/internal/sign"
	"github.com/heirloom-backup/heirloom/datastore/internal/wire"
)

// MaxSize is the largest document, in bytes.
const MaxSize = 64 << 20

// ErrDamaged says that a document's bytes are not what was written.
var ErrDamaged = wire.ErrDamaged

const signContext = "heirloom document v1\n"

type seal struct {
	SHA256    string `json:"sha256"`
	Writer    string `json:"writer,omitempty"`
	Signature []byte `json:"signature,omitempty"`
}

// Encode returns the document for payload under the object's name, signed with key.
func Encode(name string, payload any, key *sign.Key) ([]byte, error) {
	line, err := json.Marshal(payload)
	if err != nil {
		return nil, fmt.Errorf("encode %s: %w", name, err)
	}
	sum := sha256.Sum256(line)
	s := seal{SHA256: hex.EncodeToString(sum[:]), Writer: key.Writer()}
	s.Signature = key.Sign(signContext, message(name, line))
	last, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("encode %s: %w", name, err)
	}
	if size := len(line) + len(last) + 2; size > MaxSize {
		return nil, fmt.Errorf("encode %s: %d bytes are more than a document can have", name, size)
	}
	out := make([]byte, 0, len(line)+len(last)+2)
	out = append(append(out, line...), '\n')
	return append(append(out, last...), '\n'), nil
}

func message(name string, line []byte) []byte {
	return append([]byte(name+"\n"), line...)
}

// Decode checks the document that lies under the given name and reads its payload. It returns the writer's id.
func Decode(name string, data []byte, writers sign.Writers, payload any) (writer string, err error) {
	line, s, err := split(data)
	if err != nil {
		return "", fmt.Errorf("%s: %w: %w", name, ErrDamaged, err)
	}
	if err := writers.Verify(signContext, s.Writer, message(name, line), s.Signature); err != nil {
		return "", fmt.Errorf("%s: %w", name, err)
	}
	return s.Writer, parse(name, line, payload)
}

// Peek reads the payload of a document whose signature cannot be checked yet, because the payload says who may sign.
// The digest is checked.
func Peek(name string, data []byte, payload any) error {
	line, _, err := split(data)
	if err != nil {
		return fmt.Errorf("%s: %w: %w", name, ErrDamaged, err)
	}
	return parse(name, line, payload)
}

func split(data []byte) (line []byte, s seal, err error) {
	if len(data) > MaxSize {
		return nil, s, fmt.Errorf("%d bytes are more than a document can have", len(data))
	}
	line, last, ok := bytes.Cut(data, []byte("\n"))
	if !ok || len(last) == 0 || bytes.IndexByte(last, '\n') != len(last)-1 {
		return nil, s, errors.New("not two lines")
	}
	if err := json.Unmarshal(last, &s); err != nil {
		return nil, s, fmt.Errorf("seal: %w", err)
	}
	if sum := sha256.Sum256(line); hex.EncodeToString(sum[:]) != s.SHA256 {
		return nil, s, errors.New("digest does not match")
	}
	return line, s, nil
}

// parse reads the payload, whose digest was right: what does not parse now was written by a program unlike this one.
func parse(name string, line []byte, payload any) error {
	var head struct {
		Format int `json:"format"`
	}
	if err := json.Unmarshal(line, &head); err != nil {
		return fmt.Errorf("%s: %w: %w", name, ErrDamaged, err)
	}
	if head.Format != Format {
		return &VersionError{Name: name, Format: head.Format}
	}
	if err := json.Unmarshal(line, payload); err != nil {
		return fmt.Errorf("%s: %w: %w", name, ErrDamaged, err)
	}
	return nil
}

// Format is the version of every payload this program writes and reads.
const Format = 1

// VersionError says that an object was written in a format this program does not know.
type VersionError struct {
	Name   string
	Format int
}

func (e *VersionError) Error() string {
	return fmt.Sprintf("%s has format version %d, this program reads version %d: use a newer heirloom", e.Name, e.Format, Format)
}
