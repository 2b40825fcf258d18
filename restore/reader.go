package restore

import (
	"context"
	"errors"
	"fmt"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// Reader is what restoring needs of a store; *datastore.Store is one. It is safe for concurrent use.
type Reader interface {
	// Node reads a tree node. A node that cannot be had is a *datastore.ChunkError; any other error says that the
	// storage cannot be asked.
	Node(ctx context.Context, id chunk.ID) (tree.Node, error)

	// Fetch calls fn once for each index of ids, from several goroutines and in any order, with the chunk's bytes,
	// which are checked and valid during the call only. A chunk that cannot be had is passed as err, a
	// *datastore.ChunkError. If fn fails or the storage cannot be asked, Fetch returns that error. No call of fn is
	// running when Fetch has returned.
	Fetch(ctx context.Context, ids []chunk.ID, fn func(i int, data []byte, err error) error) error
}

// damageOf says whether err means that data is damaged, and how, rather than that it could not be asked for.
func damageOf(err error) (d Damage, damaged bool) {
	if c, ok := errors.AsType[*datastore.ChunkError](err); ok {
		return Damage{Chunk: c.ID, Reason: c.Reason, Detail: c.Detail}, true
	}
	if errors.Is(err, tree.ErrFormat) {
		return Damage{Reason: datastore.Corrupt, Detail: err.Error()}, true
	}
	return Damage{}, false
}

// wrongLength is the damage of a chunk that is whole but not what the extent says.
func wrongLength(x tree.Extent, got int) *datastore.ChunkError {
	detail := fmt.Sprintf("it holds %d bytes, the snapshot says %d", got, x.Length)
	return &datastore.ChunkError{ID: x.ID, Reason: datastore.Corrupt, Detail: detail}
}
