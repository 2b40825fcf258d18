package keyring

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"golang.org/x/crypto/argon2"
)

// ErrPassphrase says that a passphrase does not open a key.
var ErrPassphrase = errors.New("wrong passphrase")

// Key is a store's secrets wrapped for one passphrase: the payload of keys/<id>.
type Key struct {
	Format  int       `json:"format"`
	ID      string    `json:"id"`
	Kind    string    `json:"kind"` // KindPassphrase
	Label   string    `json:"label,omitempty"`
	Created time.Time `json:"created"`
	KDF     KDF       `json:"kdf"`
	Sealed  []byte    `json:"sealed"` // nonce, then AES-256-GCM
}

// KindPassphrase is the kind of a key that a passphrase opens.
const KindPassphrase = "passphrase"

// KDF says how a passphrase becomes a key.
type KDF struct {
	Name    string `json:"name"` // "argon2id"
	Time    uint32 `json:"time"`
	Memory  uint32 `json:"memory_kib"`
	Threads uint8  `json:"threads"`
	Salt    []byte `json:"salt"`
}

// DefaultKDF returns the parameters for new keys: the second choice of RFC 9106, 64 MiB and three passes, which takes
// about a tenth of a second.
func DefaultKDF() KDF {
	return KDF{Name: "argon2id", Time: 3, Memory: 64 << 10, Threads: 4, Salt: random(16)}
}

// Limits of what is believed of a key's file, so that a hostile one cannot take all memory or time.
const (
	maxTime    = 64
	maxMemory  = 4 << 20 // KiB
	maxThreads = 64
)

func (k KDF) derive(passphrase []byte) ([]byte, error) {
	if k.Name != "argon2id" || k.Time < 1 || k.Time > maxTime || k.Memory < 8 || k.Memory > maxMemory ||
		k.Threads < 1 || k.Threads > maxThreads || len(k.Salt) < 8 {
		return nil, fmt.Errorf("key derivation %s (time %d, memory %d KiB, threads %d) is not supported",
			k.Name, k.Time, k.Memory, k.Threads)
	}
	return argon2.IDKey(passphrase, k.Salt, k.Time, k.Memory, k.Threads, 32), nil
}

// Wrap wraps the secrets for a passphrase; key has everything but Sealed.
func (s *Secrets) Wrap(key *Key, passphrase []byte) error {
	plain, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("wrap key %s: %w", key.ID, err)
	}
	aead, err := key.aead(passphrase)
	if err != nil {
		return fmt.Errorf("wrap key %s: %w", key.ID, err)
	}
	nonce := random(aead.NonceSize())
	key.Sealed = aead.Seal(nonce, nonce, plain, key.context())
	return nil
}

// Unwrap opens the key with a passphrase.
func (k *Key) Unwrap(passphrase []byte) (*Secrets, error) {
	if k.Kind != KindPassphrase {
		return nil, fmt.Errorf("open key %s: kind %q is not supported", k.ID, k.Kind)
	}
	aead, err := k.aead(passphrase)
	if err != nil {
		return nil, fmt.Errorf("open key %s: %w", k.ID, err)
	}
	if len(k.Sealed) < aead.NonceSize() {
		return nil, fmt.Errorf("open key %s: sealed part of %d bytes is too short", k.ID, len(k.Sealed))
	}
	nonce, sealed := k.Sealed[:aead.NonceSize()], k.Sealed[aead.NonceSize():]
	plain, err := aead.Open(nil, nonce, sealed, k.context())
	if err != nil {
		return nil, ErrPassphrase
	}
	s := &Secrets{}
	if err := json.Unmarshal(plain, s); err != nil {
		return nil, fmt.Errorf("open key %s: %w", k.ID, err)
	}
	if err := s.check(); err != nil {
		return nil, fmt.Errorf("open key %s: %w", k.ID, err)
	}
	return s, nil
}

func (k *Key) context() []byte { return []byte("heirloom key v1\n" + k.ID) }

func (k *Key) aead(passphrase []byte) (cipher.AEAD, error) {
	derived, err := k.KDF.derive(passphrase)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(derived)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}
