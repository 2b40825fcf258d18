package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/dirstore"
)

// withBackend opens the place that the store is to be in, or is in.
func (p *program) withBackend(o dirstore.Options, use func(backend.Backend) error) error {
	at, err := parseLocation(p.storeURL)
	if err != nil {
		return &usageError{err}
	}
	o.Now = p.Now
	b, err := dirstore.Open(at.Dir, o)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: open store: %w", p.storeURL, datastore.ErrNoStore)
	}
	if err != nil {
		return err
	}
	return errors.Join(use(b), b.Close())
}

// openStore is a store that is open, and the folder of its cache.
type openStore struct {
	*datastore.Store
	cacheDir string
}

// withStore opens the store for the time of one call.
func (p *program) withStore(ctx context.Context, use func(openStore) error) error {
	return p.withBackend(dirstore.Options{}, func(b backend.Backend) error {
		cache := p.openCache()
		defer cache.Close()
		store, err := p.unlock(ctx, b, cache.dir)
		if err != nil {
			return fmt.Errorf("%s: %w", p.storeURL, err)
		}
		return errors.Join(use(openStore{store, cache.dir}), store.Close())
	})
}

// unlock opens the store. A passphrase is only asked for when the store turns out to need one.
func (p *program) unlock(ctx context.Context, b backend.Backend, cacheDir string) (*datastore.Store, error) {
	secret, err := p.given(p.passphraseSource())
	if err != nil {
		return nil, err
	}
	o := datastore.Options{Passphrase: secret, CacheDir: cacheDir, Now: p.Now, Logger: p.logger(), Concurrency: p.Workers}
	o.Uploads = 1 // the storage is a folder
	o.RequireEncryption = p.passphraseFile != "" || p.knownEncrypted(cacheDir)
	store, err := datastore.Open(ctx, b, o)
	switch {
	case errors.Is(err, datastore.ErrPassphraseRequired):
		if o.Passphrase, err = p.existing(ctx, p.passphraseSource()); err != nil {
			return nil, fmt.Errorf("open store: %w", err)
		}
		store, err = datastore.Open(ctx, b, o)
	case errors.Is(err, datastore.ErrPlain) && !o.RequireEncryption:
		// The passphrase comes from the environment, where it may be for other stores.
		p.note("the store is not encrypted: the passphrase is not used, and whoever can read the store can read what is in it")
		o.Passphrase = nil
		store, err = datastore.Open(ctx, b, o)
	}
	if err == nil && store.Encrypted() {
		p.remember(cacheDir, true)
	}
	return store, err
}

// logger returns where the library tells what happens: stderr, if asked for, and the log of the task, if there is one.
// Nil is silence.
func (p *program) logger() *slog.Logger {
	var handlers []slog.Handler
	if p.verbose && !p.quiet {
		handlers = append(handlers, slog.NewTextHandler(p.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
	if p.task != nil {
		handlers = append(handlers, p.task.Log().Handler())
	}
	if handlers == nil {
		return nil
	}
	return slog.New(slog.NewMultiHandler(handlers...))
}
