package datastore

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/internal/keyring"
	"github.com/heirloom-backup/heirloom/datastore/internal/sign"
)

// Store is an open store. It is safe for concurrent use, and several processes may have one open at the same time.
type Store struct {
	o        Options
	backend  backend.Backend
	config   *config
	secrets  *keyring.Secrets       // nil in a store without encryption
	keyID    atomic.Pointer[string] // of the key it was opened with; ChangeKey changes it
	signer   *sign.Key              // nil in a store without encryption
	namer    *chunk.Namer
	codec    *chunk.Codec
	split    [2]chunk.Splitter
	sealers  sealers
	nodes    nodeCache
	spaces   workspaces
	ledger   ledger
	catalog  catalog
	catalogs sync.Mutex // one refresh at a time

	sightings sightings // of sessions
	words     sightings // of what probes and removals put for the time they take
}

// Open opens the store that b holds. It fails with ErrNoStore, ErrPassphraseRequired, ErrPassphrase or a *VersionError.
func Open(ctx context.Context, b backend.Backend, o Options) (*Store, error) {
	c, err := loadConfig(ctx, b)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	if c.Encryption == nil && (o.RequireEncryption || len(o.Passphrase) > 0) {
		return nil, fmt.Errorf("open store: %w", ErrPlain)
	}
	s := &Store{o: o.withDefaults(), backend: b, config: c}
	if c.Encryption != nil {
		if err := s.unlock(ctx); err != nil {
			return nil, fmt.Errorf("open store: %w", err)
		}
	}
	if err := s.prepare(); err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	return s, nil
}

func (s *Store) unlock(ctx context.Context) error {
	if len(s.o.Passphrase) == 0 {
		return ErrPassphraseRequired
	}
	secrets, id, err := unlock(ctx, s.backend, s.config, s.o.Passphrase)
	if err != nil {
		return err
	}
	s.keyID.Store(&id)
	s.secrets, s.signer = secrets, sign.NewKey(secrets.WriterID, secrets.Writer)
	return nil
}

func (s *Store) prepare() (err error) {
	var idKey []byte
	secret := s.config.Salt
	if s.secrets != nil {
		idKey, secret = s.secrets.IDKey, s.secrets.SplitKey
	}
	s.namer = chunk.NewNamer(idKey)
	if s.split[ForContent], err = s.config.Splitters.Content.Splitter(secret); err != nil {
		return err
	}
	if s.split[ForImages], err = s.config.Splitters.Image.Splitter(secret); err != nil {
		return err
	}
	s.codec, err = chunk.NewCodec(chunk.CodecOptions{Concurrency: max(s.o.Concurrency, readers)})
	s.catalog.init(s.config.ID, s.o)
	s.nodes.init()
	s.sightings.path = sightingsPath(s.o.CacheDir, s.config.ID, "sessions")
	s.words.path = sightingsPath(s.o.CacheDir, s.config.ID, "words")
	return err
}

// Close frees what the store holds in memory and open files. It stores nothing: sessions do that.
func (s *Store) Close() error {
	s.codec.Close()
	return s.catalog.close()
}

// Purpose says what a splitter is for.
type Purpose int

// The purposes.
const (
	ForContent Purpose = iota // files and streams
	ForImages                 // disk images
)

// Splitter returns the store's splitter.
func (s *Store) Splitter(p Purpose) chunk.Splitter { return s.split[p] }

// Splitters returns the parameters the store cuts with.
func (s *Store) Splitters() Splitters { return s.config.Splitters }

// Backend returns where the store keeps its objects.
func (s *Store) Backend() backend.Backend { return s.backend }

// ID returns the store's id: 128 random bits as text.
func (s *Store) ID() string { return s.config.ID }

// Encrypted says whether the store is encrypted.
func (s *Store) Encrypted() bool { return s.config.Encryption != nil }

// Now returns the time by the store's clock.
func (s *Store) Now() time.Time { return s.now() }

func (s *Store) now() time.Time { return s.o.Now() }
