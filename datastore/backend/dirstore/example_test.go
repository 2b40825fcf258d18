package dirstore_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/dirstore"
)

func Example() {
	ctx := context.Background()
	disk, err := os.MkdirTemp("", "disk")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(disk)

	b, err := dirstore.Open(filepath.Join(disk, "store"), dirstore.Options{Create: true})
	if err != nil {
		log.Fatal(err)
	}
	defer b.Close()

	if err := b.Put(ctx, "packs/ab/1", []byte("hello, grandchild")); err != nil {
		log.Fatal(err)
	}
	fmt.Println(b.Put(ctx, "packs/ab/1", []byte("other")) != nil)

	part := make([]byte, 10)
	if err := backend.ReadFull(ctx, b, "packs/ab/1", 7, part); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s\n", part)
	for info, err := range b.List(ctx, "packs/") {
		fmt.Println(info.Name, info.Size, err)
	}
	// Output:
	// true
	// grandchild
	// packs/ab/1 17 <nil>
}
