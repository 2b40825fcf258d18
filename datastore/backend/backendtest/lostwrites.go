package backendtest

import (
	"context"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

// Lose makes the nth matching put or delete claim success although nothing happens, as a cache does that forgets.
// Other calls go on as before.
func (f *Faulty) Lose(kind backend.Kind, prefix string, nth int) {
	f.add(kind, prefix, nth, func(b backend.Backend) backend.Backend { return losing{b} })
}

// Overwrite makes the nth matching put replace an object that exists, and claim success: the storage knows no
// put-if-absent.
func (f *Faulty) Overwrite(prefix string, nth int) {
	f.add(Put, prefix, nth, func(b backend.Backend) backend.Backend { return overwriting{b} })
}

// losing does not write.
type losing struct{ backend.Backend }

func (losing) Put(context.Context, string, []byte) error { return nil }
func (losing) Delete(context.Context, string) error      { return nil }

// overwriting puts whatever there is.
type overwriting struct{ backend.Backend }

func (b overwriting) Put(ctx context.Context, name string, data []byte) error {
	if err := b.Backend.Delete(ctx, name); err != nil {
		return err
	}
	return b.Backend.Put(ctx, name, data)
}
