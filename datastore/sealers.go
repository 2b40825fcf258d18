package datastore

import (
	"errors"
	"fmt"
	"sync"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/internal/keyring"
	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
)

// maxSealers is how many opened pack keys are kept, about a KiB each.
const maxSealers = 4096

// sealers keeps the keys of packs that were opened: opening one costs an X25519 operation.
type sealers struct {
	mu   sync.Mutex
	open map[string]*chunk.Sealer // by sealed key
}

// sealer returns what opens a frame, nil for one that is not sealed.
func (s *Store) sealer(name string, slots [][]byte, f *pack.Frame) (*chunk.Sealer, error) {
	if f.Slot == 0 {
		return nil, nil
	}
	if int(f.Slot) > len(slots) || s.secrets == nil {
		return nil, fmt.Errorf("pack %s: %w: frame at %d is sealed with slot %d of %d",
			name, pack.ErrDamaged, f.Offset, f.Slot, len(slots))
	}
	slot := string(slots[f.Slot-1])
	s.sealers.mu.Lock()
	defer s.sealers.mu.Unlock()
	if known := s.sealers.open[slot]; known != nil {
		return known, nil
	}
	key, err := s.secrets.PackKey([]byte(slot))
	if errors.Is(err, keyring.ErrNoPrivateKey) {
		return nil, fmt.Errorf("pack %s: %w", name, err) // says nothing about the pack
	}
	if err != nil {
		return nil, fmt.Errorf("pack %s: %w: %w", name, pack.ErrDamaged, err)
	}
	if len(s.sealers.open) >= maxSealers || s.sealers.open == nil {
		s.sealers.open = make(map[string]*chunk.Sealer)
	}
	opened := chunk.NewSealer(key)
	s.sealers.open[slot] = opened
	return opened, nil
}
