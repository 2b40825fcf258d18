package chunk

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
)

// Key is a secret AES-256 key; its bytes are key[:]. Formatted with %v, %s, %q or %x it shows a fixed text instead.
type Key [32]byte

// NewKey returns a random key from crypto/rand.
func NewKey() Key {
	var k Key
	rand.Read(k[:]) // never fails: the program ends where the system has no randomness
	return k
}

// String returns a fixed text, so that a key does not slip into a log or an error.
func (Key) String() string { return "chunk.Key(secret)" }

// GoString does as String, for %#v.
func (k Key) GoString() string { return k.String() }

// Overhead is by how many bytes a sealed text is longer than the plain one: the authentication tag.
const Overhead = 16

// ErrAuth is what [Sealer.Open] wraps when a text does not authenticate: it was altered or cut off, or key, nonce or
// additional data are not those it was sealed with. Which of them cannot be told.
var ErrAuth = errors.New("authentication failed")

// Sealer encrypts and authenticates with AES-256-GCM (NIST SP 800-38D) under one key. It is safe for concurrent use.
//
// The caller must never seal two different texts with the same key and nonce: whoever sees both learns the XOR of the
// texts and can forge others. Sealer cannot notice. A random key per pack and a counter within it as nonce is enough.
type Sealer struct {
	gcm cipher.AEAD
}

// NewSealer returns a Sealer under k.
func NewSealer(k Key) *Sealer {
	block, err := aes.NewCipher(k[:])
	if err != nil {
		panic(err) // a key of another length, which a Key cannot have
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		panic(err) // a block size other than AES's
	}
	return &Sealer{gcm: gcm}
}

// Seal appends the sealed form of plain, len(plain)+[Overhead] bytes, to dst and returns the result. The 12-byte nonce
// of GCM is 8 zero bytes and nonce in big-endian order. The additional data aad, which may be nil, is authenticated
// but not stored. To seal in place pass plain[:0] as dst; any other overlap of dst's capacity and plain panics.
func (s *Sealer) Seal(dst, plain []byte, nonce uint32, aad []byte) []byte {
	n := nonceBytes(nonce)
	return s.gcm.Seal(dst, n[:], plain, aad)
}

// Open appends to dst the plain form of what Seal made with the same key, nonce and aad. If sealed does not
// authenticate it returns dst and an error that wraps ErrAuth; nothing of the plain text is disclosed, but the spare
// capacity of dst may be overwritten. To open in place pass sealed[:0] as dst.
func (s *Sealer) Open(dst, sealed []byte, nonce uint32, aad []byte) ([]byte, error) {
	n := nonceBytes(nonce)
	plain, err := s.gcm.Open(dst, n[:], sealed, aad)
	if err != nil {
		return dst, fmt.Errorf("open %d sealed bytes, nonce %d: %w", len(sealed), nonce, ErrAuth)
	}
	return plain, nil
}

func nonceBytes(nonce uint32) [12]byte {
	var n [12]byte
	binary.BigEndian.PutUint32(n[8:], nonce)
	return n
}
