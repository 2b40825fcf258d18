package datastore

import (
	"log/slog"
	"runtime"
	"time"
)

// Options say how a store is opened. The zero value opens a store without encryption.
type Options struct {
	Passphrase  []byte           // opens an encrypted store; with it, one that is not encrypted is refused with ErrPlain
	CacheDir    string           // where index tables are kept; "": in memory, which then grows with the store
	Now         func() time.Time // nil: time.Now
	Logger      *slog.Logger     // nil: silent
	Concurrency int              // goroutines that compress, or that read; 0: one for each CPU, and 4 that read
	PackSize    int              // bytes of a full pack; 0: DefaultPackSize
	Uploads     int              // packs stored at the same time; 0: DefaultUploads. A session keeps one or two more in memory

	// FrameSize is how many bytes of small chunks are compressed together; 0: DefaultFrameSize. A chunk of a quarter of it
	// is compressed alone. Larger frames take less room, smaller ones are read sooner, and collection frees whole frames.
	FrameSize int

	// RequireEncryption refuses a store that is not encrypted, with ErrPlain, also where no Passphrase is given. Who can
	// write to the storage could put a configuration without encryption in place of the one that is there, and have the
	// next backup stored in the clear; only whoever opens the store can know better.
	RequireEncryption bool
}

// Defaults of Options, sizes in bytes; docs/decisions.md has the measurements.
const (
	DefaultPackSize  = 16 << 20
	DefaultFrameSize = 1 << 20
	DefaultUploads   = 2 // hides the latency of a remote store; a local disk is as fast with one
)

func (o Options) withDefaults() Options {
	if o.PackSize <= 0 {
		o.PackSize = DefaultPackSize
	}
	if o.FrameSize <= 0 {
		o.FrameSize = DefaultFrameSize
	}
	if o.Uploads <= 0 {
		o.Uploads = DefaultUploads
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Concurrency <= 0 {
		o.Concurrency = runtime.GOMAXPROCS(0)
	}
	return o
}
