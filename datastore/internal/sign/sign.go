// Package sign says who wrote something: Ed25519 signatures of writers that the store's configuration lists.
//
// A store that is not encrypted has no secret to sign with. There, nothing is signed and a nil *Key and empty Writers
// stand for that.
package sign

import (
	"crypto/ed25519"
	"errors"
	"fmt"
)

// ErrForged says that a signature is missing, not that of a listed writer, or not of these bytes.
var ErrForged = errors.New("signature is not valid")

// Owner is the role of a writer that is trusted with any chunk.
const Owner = "owner"

// Writer is a listed writer.
type Writer struct {
	ID     string            `json:"id"`
	Public ed25519.PublicKey `json:"public"`
	Role   string            `json:"role"`
}

// Key signs as one writer. A nil Key signs nothing.
type Key struct {
	id      string
	private ed25519.PrivateKey
}

// NewKey returns the key of the writer with the given id, from its 32-byte seed.
func NewKey(id string, seed []byte) *Key {
	return &Key{id: id, private: ed25519.NewKeyFromSeed(seed)}
}

// Writer returns the writer's id; "" of a nil Key.
func (k *Key) Writer() string {
	if k == nil {
		return ""
	}
	return k.id
}

// Public returns the key that others check signatures with.
func (k *Key) Public() ed25519.PublicKey { return k.private.Public().(ed25519.PublicKey) }

// Sign signs message; what it is for stands in context, so that no signature can serve for something else.
func (k *Key) Sign(context string, message []byte) []byte {
	if k == nil {
		return nil
	}
	return ed25519.Sign(k.private, append([]byte(context), message...))
}

// Writers are the listed writers. The empty list is that of a store without keys: it accepts what nobody signed.
type Writers []Writer

// Verify checks the signature that the named writer made of message.
func (w Writers) Verify(context, writer string, message, signature []byte) error {
	if len(w) == 0 && writer == "" && len(signature) == 0 {
		return nil
	}
	for _, known := range w {
		if known.ID == writer && len(known.Public) == ed25519.PublicKeySize {
			if ed25519.Verify(known.Public, append([]byte(context), message...), signature) {
				return nil
			}
			return fmt.Errorf("%w: not that of writer %s", ErrForged, writer)
		}
	}
	return fmt.Errorf("%w: writer %q is not listed in the store's configuration", ErrForged, writer)
}

// Trusted says whether chunks in packs of the named writer may be relied on without a look at them.
func (w Writers) Trusted(writer string) bool {
	if len(w) == 0 {
		return writer == ""
	}
	for _, known := range w {
		if known.ID == writer {
			return known.Role == Owner
		}
	}
	return false
}
