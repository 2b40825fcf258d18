package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/tree"
	"github.com/heirloom-backup/heirloom/restore"
)

// withSnapshot opens the store and finds the snapshot with the given address, for the time of one call.
func (p *program) withSnapshot(ctx context.Context, address string, use func(openStore, *datastore.Snapshot) error) error {
	a, err := datastore.ParseAddress(address)
	if err != nil {
		return &usageError{err}
	}
	return p.withStore(ctx, func(store openStore) error {
		sn, err := store.Find(ctx, a)
		if err != nil {
			return err
		}
		return use(store, sn)
	})
}

// content is a place in a snapshot.
type content struct {
	store openStore
	sn    *datastore.Snapshot
	path  string // raw bytes; "" is the root
	entry tree.Entry
}

// withContent opens the store and finds a path in a snapshot, for the time of one call.
func (p *program) withContent(ctx context.Context, address, path string, use func(content) error) error {
	return p.withSnapshot(ctx, address, func(store openStore, sn *datastore.Snapshot) error {
		raw, e, err := lookup(ctx, store, sn.Root, path)
		if err == nil {
			err = use(content{store, sn, raw, e})
		}
		if err != nil {
			return fmt.Errorf("%s: %w", addressText(sn.Address()), err)
		}
		return nil
	})
}

// lookup finds a path given by a person, which may be one that JSON showed and thus be escaped. It returns the raw path.
func lookup(ctx context.Context, r restore.Reader, root chunk.ID, path string) (string, tree.Entry, error) {
	e, err := restore.Lookup(ctx, r, root, path)
	if raw := restore.Unescape(path); raw != path && errors.Is(err, restore.ErrNotFound) {
		if e, err := restore.Lookup(ctx, r, root, raw); err == nil {
			return raw, e, nil
		}
	}
	return path, e, err
}
