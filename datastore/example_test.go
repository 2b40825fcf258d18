package datastore_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// A store lies on a backend: here in memory, in earnest on dirstore or another one.
func ExampleCreate() {
	ctx, storage := context.Background(), mem.New()
	if err := datastore.Create(ctx, storage, datastore.CreateOptions{}); err != nil {
		fmt.Println(err)
		return
	}
	err := datastore.Create(ctx, storage, datastore.CreateOptions{})
	fmt.Println("exists:", errors.Is(err, datastore.ErrStoreExists))
	// Output: exists: true
}

func ExampleOpen() {
	ctx, storage := context.Background(), mem.New()
	o := datastore.CreateOptions{Encrypt: true, Passphrase: []byte("correct horse")}
	if err := datastore.Create(ctx, storage, o); err != nil {
		fmt.Println(err)
		return
	}
	_, err := datastore.Open(ctx, storage, datastore.Options{Passphrase: []byte("wrong")})
	fmt.Println("refused:", errors.Is(err, datastore.ErrPassphrase))

	store, err := datastore.Open(ctx, storage, datastore.Options{Passphrase: []byte("correct horse")})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer store.Close()
	fmt.Println("encrypted:", store.Encrypted())
	// Output:
	// refused: true
	// encrypted: true
}

// What package backup does for whole folders, by hand for one small file; then the list of what there is.
func ExampleStore_Snapshots() {
	ctx, storage := context.Background(), mem.New()
	_ = datastore.Create(ctx, storage, datastore.CreateOptions{})
	store, err := datastore.Open(ctx, storage, datastore.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer store.Close()
	if err := saveNote(ctx, store); err != nil {
		fmt.Println(err)
		return
	}
	for sn, err := range store.Snapshots(ctx, datastore.Filter{}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(sn.Group, "complete:", sn.Complete)
	}
	// Output: prod/web:dataset/note complete: true
}

func saveNote(ctx context.Context, store *datastore.Store) error {
	session, err := store.Begin(ctx, datastore.SessionOptions{})
	if err != nil {
		return err
	}
	defer session.Close()
	text, ids := []byte("remember the milk"), make([]chunk.ID, 1)
	if err := session.Put(ctx, [][]byte{text}, ids); err != nil {
		return err
	}
	root, err := tree.PutRoot(ctx, session.PutNode, &tree.Entry{Name: "note", Type: tree.File, Size: int64(len(text)),
		Extents: []tree.Extent{{ID: ids[0], Length: int64(len(text))}}})
	if err != nil {
		return err
	}
	group := datastore.Group{Namespace: "prod/web", Kind: datastore.Dataset, Name: "note"}
	_, err = session.Commit(ctx, datastore.Draft{Group: group, Root: root, Complete: true})
	return err
}
