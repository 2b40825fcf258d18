package datastore

import (
	"context"
	"errors"
	"fmt"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/internal/document"
	"github.com/heirloom-backup/heirloom/datastore/internal/sign"
)

// putDoc stores a document.
func (s *Store) putDoc(ctx context.Context, name string, payload any) ([]byte, error) {
	data, err := document.Encode(name, payload, s.signer)
	if err != nil {
		return nil, err
	}
	if err := s.backend.Put(ctx, name, data); err != nil {
		return nil, fmt.Errorf("store %s: %w", name, err)
	}
	return data, nil
}

// readDoc reads a document and returns its bytes, too.
func (s *Store) readDoc(ctx context.Context, name string, payload any) ([]byte, error) {
	return s.readDocAt(ctx, name, name, payload)
}

// readDocAt reads the document called name from another object: a copy of it.
func (s *Store) readDocAt(ctx context.Context, object, name string, payload any) ([]byte, error) {
	data, err := backend.ReadAll(ctx, s.backend, object, document.MaxSize)
	if err != nil {
		return nil, err
	}
	_, err = document.Decode(name, data, s.config.Writers, payload)
	return data, err
}

// damaged says whether an object was read and is not what was written, rather than not read at all.
func damaged(err error) bool {
	return errors.Is(err, document.ErrDamaged) || errors.Is(err, sign.ErrForged)
}
