// Package keyring keeps the secrets of an encrypted store: what they are, how a passphrase wraps them, and how they
// seal pack keys and details to the store's public key.
package keyring

import (
	"crypto/ecdh"
	"crypto/ed25519"
	"crypto/hpke"
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/heirloom-backup/heirloom/chunk"
)

// What is sealed to the store's public key, as HPKE's info: a seal made for one cannot be opened as the other.
const (
	InfoPackKey = "heirloom pack key v1"
	InfoDetails = "heirloom details v1"
)

// ErrNoPrivateKey says that these secrets let their holder add but not read.
var ErrNoPrivateKey = errors.New("these keys can add to the store but not read it")

// Secrets are what the holder of a key knows.
type Secrets struct {
	Private  []byte            `json:"private,omitempty"` // X25519; absent for who may add but not read
	IDKey    []byte            `json:"id_key"`            // names chunks
	SplitKey []byte            `json:"split_key"`         // cuts chunks
	Writer   []byte            `json:"writer"`            // Ed25519 seed
	WriterID string            `json:"writer_id"`
	Public   []byte            `json:"public"` // the store's, to notice an exchanged configuration
	Owner    ed25519.PublicKey `json:"owner"`
}

// NewSecrets returns the secrets of a new store's owner.
func NewSecrets(writerID string) (*Secrets, error) {
	private, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make the store's key: %w", err)
	}
	seed := random(ed25519.SeedSize)
	return &Secrets{
		Private: private.Bytes(), Public: private.PublicKey().Bytes(),
		IDKey: random(32), SplitKey: random(32),
		Writer: seed, WriterID: writerID,
		Owner: ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey),
	}, nil
}

// check refuses secrets of other lengths than the primitives take, some of which panic at them.
func (s *Secrets) check() error {
	for _, part := range [...]struct {
		name  string
		bytes []byte
	}{
		{"id_key", s.IDKey}, {"split_key", s.SplitKey}, {"writer", s.Writer}, {"public", s.Public}, {"owner", s.Owner},
	} {
		if len(part.bytes) != 32 {
			return fmt.Errorf("secret %s has %d bytes instead of 32", part.name, len(part.bytes))
		}
	}
	if n := len(s.Private); n != 0 && n != 32 {
		return fmt.Errorf("secret private has %d bytes instead of 32", n)
	}
	return nil
}

func random(n int) []byte {
	p := make([]byte, n)
	rand.Read(p) // never fails, says its documentation
	return p
}

// SealTo seals plain to a store's public key.
func SealTo(public []byte, info string, plain []byte) ([]byte, error) {
	key, err := hpke.DHKEM(ecdh.X25519()).NewPublicKey(public)
	if err != nil {
		return nil, fmt.Errorf("public key of the store: %w", err)
	}
	return hpke.Seal(key, hpke.HKDFSHA256(), hpke.AES256GCM(), []byte(info), plain)
}

// Open opens what was sealed to the store's public key.
func (s *Secrets) Open(info string, sealed []byte) ([]byte, error) {
	if len(s.Private) == 0 {
		return nil, ErrNoPrivateKey
	}
	key, err := hpke.DHKEM(ecdh.X25519()).NewPrivateKey(s.Private)
	if err != nil {
		return nil, fmt.Errorf("private key of the store: %w", err)
	}
	return hpke.Open(key, hpke.HKDFSHA256(), hpke.AES256GCM(), []byte(info), sealed)
}

// PackKey opens a pack key.
func (s *Secrets) PackKey(sealed []byte) (key chunk.Key, err error) {
	plain, err := s.Open(InfoPackKey, sealed)
	if err != nil {
		return key, fmt.Errorf("open pack key: %w", err)
	}
	if len(plain) != len(key) {
		return key, fmt.Errorf("open pack key: %d bytes instead of %d", len(plain), len(key))
	}
	copy(key[:], plain)
	return key, nil
}
