package datastore

import (
	"context"
	"errors"
	"strings"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/backend"
)

// wholeness answers whether all chunks of a removed snapshot are still there.
type wholeness struct {
	*collector
	known map[chunk.ID]bool // of nodes that no snapshot needs
}

// useless says whether the copy of a manifest is good for nothing any more. It stays as long as the promise does: it
// shows that the manifest was removed and has not vanished.
func (w *wholeness) useless(ctx context.Context, object string) (bool, error) {
	name := snapshotPrefix + strings.TrimPrefix(object, prunedPrefix)
	sn, err := w.store.readManifestAt(ctx, object, name)
	if errors.Is(err, backend.ErrNotFound) || errors.As(err, new(*ManifestError)) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if whole, err := w.tree(ctx, sn.Root); err != nil || whole {
		return false, err
	}
	for _, still := range []string{name, promiseName(name)} {
		if there, err := w.store.exists(ctx, still); err != nil || there {
			return false, err
		}
	}
	return true, nil
}

// tree says whether a node and all below it is there. What is needed by a snapshot is.
func (w *wholeness) tree(ctx context.Context, id chunk.ID) (whole bool, err error) {
	if needed, err := w.marks.has(&id); err != nil || needed {
		return needed, err
	}
	if whole, ok := w.known[id]; ok {
		return whole, nil
	}
	defer func() { w.known[id] = whole }()
	for _, loc := range w.store.catalog.find(nil, &id) {
		refs, err := w.marks.refs.at(ctx, loc)
		if err != nil && bad(err) {
			continue
		}
		if err != nil {
			return false, err
		}
		return w.below(ctx, refs.Trees, refs.Contents)
	}
	return false, nil
}

func (w *wholeness) below(ctx context.Context, trees, contents []chunk.ID) (bool, error) {
	var room []location
	for i := range contents {
		if room = w.store.catalog.find(room[:0], &contents[i]); len(room) == 0 {
			return false, nil
		}
	}
	for _, child := range trees {
		if whole, err := w.tree(ctx, child); err != nil || !whole {
			return false, err
		}
	}
	return true, ctx.Err()
}
