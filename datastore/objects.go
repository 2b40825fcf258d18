package datastore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/internal/document"
	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
)

// CheckObjects reads every object that is not a pack and returns those that are not what was written, by name. Lost
// ledger records are among them. An error says that the storage could not be asked.
func (s *Store) CheckObjects(ctx context.Context) (map[string]error, error) {
	found := map[string]error{}
	for info, err := range s.backend.List(ctx, "") {
		if err != nil {
			return nil, fmt.Errorf("list objects: %w", err)
		}
		if strings.HasPrefix(info.Name, packPrefix) || strings.HasPrefix(info.Name, probePrefix) {
			continue
		}
		problem, err := s.checkObject(ctx, info.Name)
		if err != nil {
			return nil, err
		}
		if problem != nil {
			found[info.Name] = problem
		}
	}
	state, err := s.State(ctx)
	if err != nil {
		return nil, err
	}
	for _, name := range state.Lost() {
		lost, err := s.lost(ctx, state.named[name])
		if err != nil {
			return nil, err
		}
		if lost {
			found[name] = errors.New("ledger record is lost or changed: others refer to it")
		}
	}
	return found, nil
}

// lost asks for a record that a listing did not show: it may have been put while the listing ran.
func (s *Store) lost(ctx context.Context, r reference) (bool, error) {
	data, err := backend.ReadAll(ctx, s.backend, r.Name, document.MaxSize)
	if errors.Is(err, backend.ErrNotFound) {
		return true, nil
	}
	return digest(data) != r.SHA256, err
}

// checkObject reads one object. The first result is a finding about its bytes.
func (s *Store) checkObject(ctx context.Context, name string) (problem, err error) {
	data, err := backend.ReadAll(ctx, s.backend, name, pack.MaxSegment)
	if errors.Is(err, backend.ErrNotFound) || errors.Is(err, backend.ErrTooLarge) {
		return nil, nil // gone since it was listed; or nothing of ours
	}
	if err != nil {
		return nil, err
	}
	switch {
	case strings.HasPrefix(name, indexPrefix):
		return s.checkSegment(data), nil
	case strings.HasPrefix(name, prunedPrefix):
		name = snapshotPrefix + strings.TrimPrefix(name, prunedPrefix) // the name it was signed under
	case strings.HasSuffix(name, promiseSuffix) && strings.HasPrefix(name, snapshotPrefix):
		return s.checkPromise(ctx, name, data)
	}
	var payload json.RawMessage
	_, err = document.Decode(name, data, s.config.Writers, &payload)
	return err, nil
}

func (s *Store) checkSegment(data []byte) error {
	listed, err := pack.DecodeSegment(data)
	for _, l := range listed {
		if _, err = pack.DecodeTrailer(l.Trailer, s.config.Writers); err != nil {
			return err
		}
	}
	return err
}

// checkPromise compares a promise with the manifest it is for.
func (s *Store) checkPromise(ctx context.Context, name string, data []byte) (problem, err error) {
	var p promise
	if _, err := document.Decode(name, data, s.config.Writers, &p); err != nil {
		return err, nil
	}
	manifest := strings.TrimSuffix(name, promiseSuffix) + manifestSuffix
	raw, err := backend.ReadAll(ctx, s.backend, manifest, document.MaxSize)
	if errors.Is(err, backend.ErrNotFound) {
		return s.checkRemoval(ctx, manifest)
	}
	if err != nil {
		return nil, err
	}
	if digest(raw) != p.Manifest {
		return errors.New("it was put for another manifest than the one beside it"), nil
	}
	return nil, nil
}

// checkRemoval looks for the copy that is kept of a manifest that was removed: its promise goes last.
func (s *Store) checkRemoval(ctx context.Context, manifest string) (problem, err error) {
	_, err = backend.ReadAll(ctx, s.backend, prunedName(manifest), document.MaxSize)
	if errors.Is(err, backend.ErrNotFound) {
		return errors.New("the manifest it was put for is gone"), nil
	}
	return nil, err
}
