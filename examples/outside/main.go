// Outside is a program as others write it: a module of its own that brings its own kind of source and its own place to
// store, and uses nothing of heirloom but what that exports.
//
// The source is a wiki that lives in memory behind an fs.FS; the place is a table of keys and values. The program saves
// the one in the other, verifies it, and compares what comes back with what went in.
//
//	cd examples/outside && go run .
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"testing/fstest"
	"time"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backup"
	"github.com/heirloom-backup/heirloom/datastore/verify"
	"github.com/heirloom-backup/heirloom/restore"
)

func main() {
	if err := run(context.Background(), os.Stdout, sample()); err != nil {
		fmt.Fprintln(os.Stderr, "outside:", err)
		os.Exit(1)
	}
}

// sample is a small wiki.
func sample() fs.FS {
	written := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	return fstest.MapFS{
		"Home":         {Data: []byte("Welcome."), Mode: 0o644, ModTime: written},
		"How/To start": {Data: []byte("Read on."), Mode: 0o644, ModTime: written},
		"How/To stop":  {Data: bytes.Repeat([]byte("Stop. "), 200_000), Mode: 0o600, ModTime: written},
	}
}

// run saves the wiki, verifies the snapshot and compares it with the wiki.
func run(ctx context.Context, w io.Writer, wiki fs.FS) (err error) {
	place := newTable()
	if err := datastore.Create(ctx, place, datastore.CreateOptions{}); err != nil {
		return err
	}
	store, err := datastore.Open(ctx, place, datastore.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()

	saved, err := backup.Run(ctx, store, wikiSource{wiki}, backup.Options{})
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "saved %d pages, complete: %v\n", saved.Stats.Files, saved.Complete)

	report, err := verify.Run(ctx, store, verify.Options{})
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "verified, clean: %v\n", report.Clean())

	snapshot, err := restore.Open(ctx, store, saved.Snapshot.Root)
	if err != nil {
		return err
	}
	n, err := compare(wiki, snapshot)
	fmt.Fprintf(w, "the same in wiki and snapshot: %d pages\n", n)
	return err
}

// compare reads every page in both places.
func compare(wiki, snapshot fs.FS) (n int, err error) {
	err = fs.WalkDir(wiki, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		want, err := fs.ReadFile(wiki, path)
		if err != nil {
			return err
		}
		got, err := fs.ReadFile(snapshot, path)
		if err != nil {
			return err
		}
		if !bytes.Equal(got, want) {
			return fmt.Errorf("page %q came back as something else", path)
		}
		n++
		return nil
	})
	return n, err
}
