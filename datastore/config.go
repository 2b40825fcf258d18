package datastore

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/internal/document"
	"github.com/heirloom-backup/heirloom/datastore/internal/sign"
)

// config is the payload of heirloom.json.
type config struct {
	Format     int          `json:"format"`
	ID         string       `json:"id"`
	Created    time.Time    `json:"created"`
	Splitters  Splitters    `json:"splitters"`
	Salt       []byte       `json:"salt,omitempty"` // the splitters' secret in a store without keys
	Encryption *encryption  `json:"encryption,omitempty"`
	Writers    sign.Writers `json:"writers,omitempty"`

	name string // of the object
	raw  []byte // its bytes
}

type encryption struct {
	KEM    string `json:"kem"`
	Public []byte `json:"public"`
}

const kemX25519 = "x25519"

// Splitters say how a store cuts its sources into chunks. They are chosen once, when the store is created.
type Splitters struct {
	Content chunk.Params `json:"content"` // files and streams
	Image   chunk.Params `json:"image"`   // disk images
}

// DefaultSplitters returns the parameters of new stores; docs/decisions.md has the measurements they rest on.
func DefaultSplitters() Splitters {
	return Splitters{Content: chunk.DefaultParams(), Image: chunk.DefaultParams()}
}

func (s Splitters) validate() error {
	if err := s.Content.Validate(); err != nil {
		return fmt.Errorf("splitter for content: %w", err)
	}
	if err := s.Image.Validate(); err != nil {
		return fmt.Errorf("splitter for images: %w", err)
	}
	return nil
}

// loadConfig reads the configuration that counts: the one with the highest number.
func loadConfig(ctx context.Context, b backend.Backend) (*config, error) {
	name, err := newestConfig(ctx, b)
	if err != nil {
		return nil, err
	}
	data, err := backend.ReadAll(ctx, b, name, document.MaxSize)
	if errors.Is(err, backend.ErrNotFound) {
		return nil, ErrNoStore
	}
	if err != nil {
		return nil, err
	}
	c := &config{name: name, raw: data}
	if err := document.Peek(name, data, c); err != nil {
		return nil, err
	}
	// It says itself who may sign it, which finds damage only. Whether it is the owner's is known when a key has been
	// opened: checkSecrets.
	if _, err := document.Decode(name, data, c.Writers, c); err != nil {
		return nil, err
	}
	return c, c.validate(name)
}

func newestConfig(ctx context.Context, b backend.Backend) (string, error) {
	name, newest := configName, 0
	for info, err := range b.List(ctx, configPrefix) {
		if err != nil {
			return "", fmt.Errorf("list configurations: %w", err)
		}
		if n, err := strconv.Atoi(strings.TrimPrefix(info.Name, configPrefix)); err == nil && n > newest {
			name, newest = info.Name, n
		}
	}
	return name, nil
}

func (c *config) validate(name string) error {
	if err := c.Splitters.validate(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if c.Encryption == nil {
		return nil
	}
	if c.Encryption.KEM != kemX25519 || len(c.Writers) == 0 {
		return fmt.Errorf("%s: encryption with %q and %d writers is not supported", name, c.Encryption.KEM, len(c.Writers))
	}
	return nil
}

// public returns the key that pack keys are sealed to, nil in a store without keys.
func (c *config) public() []byte {
	if c.Encryption == nil {
		return nil
	}
	return c.Encryption.Public
}
