package diskstore

import (
	"cmp"
	"log/slog"
	"time"

	"github.com/heirloom-backup/heirloom/task"
)

// Options are what a Store goes by. The zero value of each field does something sensible.
type Options struct {
	// ReadOnly opens a folder that is there without ever changing it: methods that write fail.
	ReadOnly bool

	// Keep says which records and logs stay; what is too much is removed whenever records are filed. The zero value keeps
	// all.
	Keep task.Retention

	// FileAt is how many ended tasks wait in their journals before they are filed; 0 stands for 256. Closing the store
	// files them if there are a quarter of that.
	FileAt int

	// Patience is how long a method waits for other processes that use the history; 0 stands for 10 s.
	Patience time.Duration

	// Linger is how long the history stays open for reading after it was used, so that the next page comes faster; 0
	// stands for 500 ms, a negative one closes it at once. Nobody can file records meanwhile.
	Linger time.Duration

	// WishEvery is how often the store looks whether somebody asked to stop one of its tasks; 0 stands for 250 ms.
	WishEvery time.Duration

	// Logger learns of what no method returns, such as a filing that failed; nil is silent. It is called while the
	// history is locked, and must not call the store.
	Logger *slog.Logger

	// Now is the clock for Keep; nil stands for time.Now.
	Now func() time.Time
}

func (o Options) withDefaults() Options {
	o.FileAt = cmp.Or(o.FileAt, 256)
	o.Patience = cmp.Or(o.Patience, 10*time.Second)
	o.Linger = cmp.Or(o.Linger, 500*time.Millisecond)
	o.WishEvery = cmp.Or(o.WishEvery, 250*time.Millisecond)
	o.Logger = cmp.Or(o.Logger, slog.New(slog.DiscardHandler))
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}
