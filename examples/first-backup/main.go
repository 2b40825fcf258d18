// First-backup shows a whole life in one screen: it makes a store, saves a folder in it twice, lists the snapshots,
// verifies them and brings the folder back.
//
//	go run ./examples/first-backup FOLDER STORE DEST
//
// STORE and DEST must not exist yet.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend/dirstore"
	"github.com/heirloom-backup/heirloom/datastore/backup"
	"github.com/heirloom-backup/heirloom/datastore/backup/source"
	"github.com/heirloom-backup/heirloom/datastore/verify"
	"github.com/heirloom-backup/heirloom/restore"
)

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: first-backup FOLDER STORE DEST")
		os.Exit(2)
	}
	if err := firstBackup(context.Background(), os.Stdout, os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, "first-backup:", err)
		os.Exit(1)
	}
}

// firstBackup opens what the rest needs and closes it again.
func firstBackup(ctx context.Context, w io.Writer, folder, place, dest string) (err error) {
	dir, err := dirstore.Open(place, dirstore.Options{Create: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, dir.Close()) }()
	passphrase := []byte("correct horse battery staple") // a real program asks for it
	if err := datastore.Create(ctx, dir, datastore.CreateOptions{Encrypt: true, Passphrase: passphrase}); err != nil {
		return err
	}
	store, err := datastore.Open(ctx, dir, datastore.Options{Passphrase: passphrase})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	return live(ctx, w, store, source.Folder(folder, source.FolderOptions{}), dest)
}

func live(ctx context.Context, w io.Writer, store *datastore.Store, src source.Source, dest string) error {
	for range 2 {
		res, err := backup.Run(ctx, store, src, backup.Options{})
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "saved: %d files, %d bytes of them new\n", res.Stats.Files, res.Stats.BytesNew)
		for _, warning := range res.Warnings {
			fmt.Fprintf(w, "left out: %s: %s\n", warning.Path, warning.Reason)
		}
	}

	var latest *datastore.Snapshot
	for snapshot, err := range store.Snapshots(ctx, datastore.Filter{}) {
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "there is: %s of %s, complete: %v\n", snapshot.Kind, snapshot.Name, snapshot.Complete)
		latest = snapshot
	}

	report, err := verify.Run(ctx, store, verify.Options{})
	if err != nil {
		return err
	}
	for _, r := range report.Results {
		fmt.Fprintf(w, "verified: %s, %d bytes\n", r.Outcome, r.Bytes)
	}

	restored, err := restore.Tree(ctx, store, latest.Root, dest, restore.Options{})
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "restored: %d files\n", restored.Files)
	return nil
}
