package datastore

import (
	"context"
	"fmt"

	"github.com/heirloom-backup/heirloom/chunk"
)

// validate asks, after the manifest is stored, whether every pack the snapshot stands on is there to stay. The order
// is that of Store.list: condemned records first, then packs.
func (w *Session) validate(ctx context.Context) (bool, error) {
	l, err := w.store.list(ctx)
	if err != nil {
		return false, fmt.Errorf("validate: %w", err)
	}
	if l.flaw != nil {
		return false, fmt.Errorf("validate: %w", l.flaw)
	}
	ok := true
	for _, name := range w.stands() {
		if _, listed := l.packs[name]; !listed || l.condemned[name] {
			w.store.o.Logger.Info("a pack of the new snapshot is going away, it is made whole again", "pack", name)
			ok = false
		}
	}
	return ok, nil
}

// withdraw removes a manifest that was not validated. Where it cannot be deleted it stays, unfinished: nobody was
// promised anything.
func (w *Session) withdraw(ctx context.Context, sn *Snapshot) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewell)
	defer cancel()
	if err := w.store.backend.Delete(ctx, sn.object); err != nil {
		w.store.o.Logger.Warn("manifest stays unfinished: it cannot be withdrawn", "manifest", sn.object, "error", err)
	}
}

// makeWhole stores again what the snapshot needs and may no longer rely on.
func (w *Session) makeWhole(ctx context.Context, root chunk.ID) error {
	if _, err := w.renew(ctx); err != nil {
		return err
	}
	if err := w.store.refresh(ctx); err != nil {
		return err
	}
	w.setAnew(newFooting())
	ok, err := w.RelyTree(ctx, root)
	if err == nil && !ok {
		err = ErrCannotStoreAgain
	}
	return err
}
