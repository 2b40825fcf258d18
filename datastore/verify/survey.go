package verify

import (
	"context"
	"errors"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore"
)

// survey follows a snapshot's refs, notes the packs it needs and the chunks no pack holds, and adds up what it refers
// to. It needs no names, so it costs no more than reading the trees.
func (r *run) survey(ctx context.Context, id chunk.ID, packs map[string]bool) (total, error) {
	if known, ok := r.totals[id]; ok {
		return known, nil
	}
	sum := total{chunks: 1}
	n, err := r.store.Node(ctx, id)
	if broken := (*datastore.ChunkError)(nil); errors.As(err, &broken) {
		r.bad[id] = finding{reason: broken.Reason, detail: broken.Detail, tree: true}
		r.totals[id] = sum
		return sum, nil
	}
	if err != nil {
		return sum, err
	}
	if err := r.locate(ctx, append([]chunk.ID{id}, n.Refs.Contents...), packs, &sum); err != nil {
		return sum, err
	}
	for _, child := range n.Refs.Trees {
		below, err := r.survey(ctx, child, packs)
		if err != nil {
			return sum, err
		}
		sum.chunks += below.chunks
		sum.bytes += below.bytes
	}
	r.totals[id] = sum
	return sum, nil
}

// locate notes where a node, the first of ids, and its contents lie.
func (r *run) locate(ctx context.Context, ids []chunk.ID, packs map[string]bool, sum *total) error {
	places, err := r.store.Locate(ctx, ids)
	if err != nil {
		return err
	}
	for i, p := range places {
		if p.Pack == "" {
			r.bad[ids[i]] = finding{reason: datastore.Missing, detail: "no pack that is there holds it", tree: i == 0}
			continue
		}
		packs[p.Pack] = true
		if i > 0 {
			sum.bytes += p.Length
		}
	}
	sum.chunks += int64(len(ids) - 1)
	return nil
}

// confirm asks for each bad chunk once more: another pack may hold a good copy, or a collector may have moved it.
func (r *run) confirm(ctx context.Context) error {
	var contents []chunk.ID
	for id, f := range r.bad {
		if !f.tree {
			contents = append(contents, id)
			continue
		}
		if err := r.confirmed(id, errOf(r.store.Node(ctx, id))); err != nil {
			return err
		}
	}
	return r.store.Fetch(ctx, contents, func(i int, _ []byte, err error) error {
		r.mu.Lock()
		defer r.mu.Unlock()
		return r.confirmed(contents[i], err)
	})
}

func errOf[T any](_ T, err error) error { return err }

func (r *run) confirmed(id chunk.ID, err error) error {
	broken := (*datastore.ChunkError)(nil)
	switch {
	case err == nil:
		delete(r.bad, id)
	case errors.As(err, &broken):
		r.bad[id] = finding{broken.Reason, broken.Detail, r.bad[id].tree, r.bad[id].pack}
	default:
		return err
	}
	return nil
}
