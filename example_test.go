package heirloom_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend/dirstore"
	"github.com/heirloom-backup/heirloom/datastore/backup"
	"github.com/heirloom-backup/heirloom/datastore/backup/source"
	"github.com/heirloom-backup/heirloom/datastore/verify"
	"github.com/heirloom-backup/heirloom/restore"
)

// Save a folder in a new store, make sure of it, and bring it back somewhere else.
func Example() {
	folder, place, dest := exampleFolders()
	defer os.RemoveAll(filepath.Dir(folder))
	if err := keep(context.Background(), folder, place, dest); err != nil {
		fmt.Println(err)
		return
	}
	letter, err := os.ReadFile(filepath.Join(dest, "letter.txt"))
	fmt.Printf("%s, %v\n", letter, err)
	// Output:
	// saved 1 files, complete: true
	// verified, clean: true
	// Dear reader, <nil>
}

// keep saves a folder in the store at place, which it makes if there is none, verifies it, and restores it to dest.
func keep(ctx context.Context, folder, place, dest string) error {
	dir, err := dirstore.Open(place, dirstore.Options{Create: true})
	if err != nil {
		return err
	}
	defer dir.Close()
	err = datastore.Create(ctx, dir, datastore.CreateOptions{})
	if err != nil && !errors.Is(err, datastore.ErrStoreExists) {
		return err
	}
	store, err := datastore.Open(ctx, dir, datastore.Options{})
	if err != nil {
		return err
	}
	defer store.Close()

	saved, err := backup.Run(ctx, store, source.Folder(folder, source.FolderOptions{}), backup.Options{})
	if err != nil {
		return err
	}
	fmt.Printf("saved %d files, complete: %v\n", saved.Stats.Files, saved.Complete)

	report, err := verify.Run(ctx, store, verify.Options{})
	if err != nil {
		return err
	}
	fmt.Printf("verified, clean: %v\n", report.Clean())

	_, err = restore.Tree(ctx, store, saved.Snapshot.Root, dest, restore.Options{})
	return err
}

// exampleFolders makes a folder with a file, and names two that do not exist yet.
func exampleFolders() (folder, place, dest string) {
	base, err := os.MkdirTemp("", "heirloom-example-")
	if err != nil {
		panic(err)
	}
	folder = filepath.Join(base, "letters")
	if err := os.Mkdir(folder, 0o755); err != nil {
		panic(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "letter.txt"), []byte("Dear reader"), 0o600); err != nil {
		panic(err)
	}
	return folder, filepath.Join(base, "store"), filepath.Join(base, "restored")
}
