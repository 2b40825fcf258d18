package datastore

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/internal/document"
)

// beatInterval is how often a session shows that it lives. A collector fences one whose beats stood still for long.
const beatInterval = time.Minute

// pulse calls something at intervals until it is stopped.
type pulse struct {
	stopping chan struct{}
	ending   sync.Once
	group    sync.WaitGroup

	count int    // beats so far; only the pulse's goroutine uses it until stop has returned
	last  string // name of the last beat
}

func (p *pulse) start(beat func()) {
	p.stopping = make(chan struct{})
	p.group.Go(func() {
		ticker := time.NewTicker(beatInterval)
		defer ticker.Stop()
		for {
			select {
			case <-p.stopping:
				return
			case <-ticker.C:
				beat()
			}
		}
	})
}

func (p *pulse) stop() {
	p.ending.Do(func() { close(p.stopping) })
	p.group.Wait()
}

type beatDoc struct {
	Format int `json:"format"`
}

// beat shows that the session lives; if a collector has fenced it, it goes on under a new id.
func (w *Session) beat(ctx context.Context) {
	id := w.ID()
	if renewed, err := w.renew(ctx); err != nil || renewed {
		w.store.o.Logger.Info("session was fenced or cannot be seen", "session", id, "now", w.ID(), "error", err)
		return
	}
	previous := w.pulse.last
	w.pulse.count++
	w.pulse.last = fmt.Sprintf("%s%s-%d", beatPrefix, id, w.pulse.count)
	if _, err := w.store.putDoc(ctx, w.pulse.last, beatDoc{document.Format}); err != nil {
		w.store.o.Logger.Warn("session beat failed", "session", id, "error", err)
	}
	if previous != "" {
		_ = w.store.backend.Delete(ctx, previous) // litter at worst
	}
}

// renew opens another session in place of one that a collector has fenced, and says whether it had to.
func (w *Session) renew(ctx context.Context) (bool, error) {
	w.renewing.Lock()
	defer w.renewing.Unlock()
	gone, err := w.fenced(ctx, w.ID())
	if err != nil || !gone {
		return false, err
	}
	return true, w.open(ctx)
}

func (w *Session) fenced(ctx context.Context, id string) (bool, error) {
	_, err := backend.ReadAll(ctx, w.store.backend, sessionPrefix+id, document.MaxSize)
	if errors.Is(err, backend.ErrNotFound) {
		return true, nil
	}
	return false, err
}

func (w *Session) dropBeat(ctx context.Context) error {
	if w.pulse.last == "" {
		return nil
	}
	return w.store.backend.Delete(ctx, w.pulse.last)
}
