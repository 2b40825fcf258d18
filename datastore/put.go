package datastore

import (
	"context"
	"errors"
	"fmt"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
	"github.com/heirloom-backup/heirloom/datastore/internal/packer"
	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// Put names content chunks, stores those that the store does not have, and sets ids[i] to the ID of chunks[i]. Many
// chunks in one call are faster than many calls. Put copies what it keeps; it waits while too much is under way, and
// fails once anything put before could not be stored. What was put is durable only after Commit. A Put that failed
// because its context ended may be repeated.
func (w *Session) Put(ctx context.Context, chunks [][]byte, ids []chunk.ID) error {
	if err := ctx.Err(); err != nil {
		return err // before the claim: what is claimed and not packed would count as stored
	}
	for _, c := range chunks {
		if err := checkSize(len(c)); err != nil {
			return err
		}
	}
	w.store.namer.NameAll(ids, chunks)
	fresh := w.claim(ids)
	items := make([]packer.Item, 0, len(fresh))
	var bytes int64
	for _, i := range fresh {
		items = append(items, packer.Item{ID: ids[i], Data: chunks[i]})
		bytes += int64(len(chunks[i]))
	}
	w.stats.bytesNew.Add(bytes)
	return w.pack(pack.Content, items)
}

// PutNode stores a tree node if the store does not have it; it is a tree.Put.
func (w *Session) PutNode(ctx context.Context, n tree.Node) (chunk.ID, error) {
	if err := ctx.Err(); err != nil {
		return chunk.ID{}, err
	}
	refs := tree.AppendRefs(nil, n.Refs)
	if err := checkSize(len(refs) + len(n.Body)); err != nil {
		return chunk.ID{}, err
	}
	ids := []chunk.ID{w.store.nameNode(refs, n.Body)}
	if len(w.claim(ids)) == 0 {
		return ids[0], nil
	}
	w.stats.bytesNewTrees.Add(int64(len(refs) + len(n.Body)))
	return ids[0], w.pack(pack.Tree, []packer.Item{{ID: ids[0], Refs: refs, Data: n.Body}})
}

// checkSize comes before the claim: what is claimed and not packed would count as stored.
func checkSize(n int) error {
	if n > pack.MaxPlain {
		return fmt.Errorf("put chunk of %d bytes: more than the limit of %d", n, pack.MaxPlain)
	}
	return nil
}

func (w *Session) pack(kind pack.Kind, items []packer.Item) error {
	if w.packer == nil || len(items) == 0 {
		return nil
	}
	return w.packer.Add(kind, items...)
}

// claim looks the IDs up. It relies on those that are in the store, and returns the indexes of those that the caller
// must add. An ID is returned to one caller only; in the moment when its pack enters the catalog perhaps to a second,
// which costs space and nothing else.
func (w *Session) claim(ids []chunk.ID) (fresh []int) {
	packs := w.store.catalog.usable(ids)
	w.mu.Lock()
	defer w.mu.Unlock()
	for i, n := range packs {
		if n != noPack {
			w.relyOn(n)
		} else if _, ok := w.pending[ids[i]]; !ok {
			w.pending[ids[i]] = struct{}{}
			fresh = append(fresh, i)
		}
	}
	w.stats.chunks.Add(int64(len(ids)))
	w.stats.chunksNew.Add(int64(len(fresh)))
	return fresh
}

// Rely takes over content chunks that were not read again, because an older snapshot knows them. It says whether the
// store has all of them, to stay. What lies in packs that are about to be deleted is copied; what is gone or damaged
// must be read from the source again.
func (w *Session) Rely(ctx context.Context, ids []chunk.ID) (bool, error) {
	lost := w.relyKnown(ids)
	if len(lost) == 0 {
		return true, nil
	}
	return w.rescue(ctx, lost)
}

// relyKnown relies on what can be relied on and returns the rest.
func (w *Session) relyKnown(ids []chunk.ID) (lost []chunk.ID) {
	packs := w.store.catalog.usable(ids)
	w.mu.Lock()
	defer w.mu.Unlock()
	for i, n := range packs {
		if n != noPack {
			w.relyOn(n)
		} else if _, ok := w.pending[ids[i]]; !ok {
			lost = append(lost, ids[i])
		}
	}
	w.stats.chunks.Add(int64(len(ids) - len(lost)))
	return lost
}

// rescue copies chunks out of packs that may not be relied on.
func (w *Session) rescue(ctx context.Context, ids []chunk.ID) (bool, error) {
	if w.packer == nil {
		return false, nil
	}
	errLost := errors.New("lost")
	err := w.store.Fetch(ctx, ids, func(_ int, data []byte, err error) error {
		if err != nil {
			return errLost
		}
		return w.Put(ctx, [][]byte{data}, make([]chunk.ID, 1))
	})
	if errors.Is(err, errLost) {
		return false, nil
	}
	return err == nil, err
}

// RelyTree takes over a node with all that is below it, as Rely does. It is how a large file's content, or a whole
// snapshot, is taken over unread.
func (w *Session) RelyTree(ctx context.Context, id chunk.ID) (bool, error) {
	n, err := w.store.Node(ctx, id)
	if err != nil {
		if errors.As(err, new(*ChunkError)) {
			return false, nil
		}
		return false, err
	}
	for _, child := range n.Refs.Trees {
		if ok, err := w.RelyTree(ctx, child); err != nil || !ok {
			return false, err
		}
	}
	if ok, err := w.Rely(ctx, n.Refs.Contents); err != nil || !ok {
		return false, err
	}
	_, err = w.PutNode(ctx, n)
	return err == nil, err
}
