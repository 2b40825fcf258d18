package restore_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/restore"
)

// snapshot stands for a store and the Root of one of its snapshots.
func snapshot() (restore.Reader, chunk.ID) {
	f := newFake()
	return f, f.snapshot(panics{}, dir("www", file("index.html", "<p>hello</p>"), dir("posts", file("first.txt", "It begins."))))
}

type panics struct{}

func (panics) Errorf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }
func (panics) FailNow()                          { panic("failed") }

func ExampleTree() {
	ctx := context.Background()
	store, root := snapshot() // a *datastore.Store, and the Root of a snapshot that its Find returned
	dest, err := os.MkdirTemp("", "restored")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dest)

	result, err := restore.Tree(ctx, store, root, dest, restore.Options{Path: "posts"})
	if err != nil {
		panic(err)
	}
	data, _ := os.ReadFile(filepath.Join(dest, "first.txt"))
	fmt.Printf("%d file: %s\n", result.Files, data)
	// Output: 1 file: It begins.
}

func ExampleOpen() {
	store, root := snapshot()
	files, err := restore.Open(context.Background(), store, root)
	if err != nil {
		panic(err)
	}
	data, err := fs.ReadFile(files, "posts/first.txt")
	fmt.Println(string(data), err)
	// Output: It begins. <nil>
}

func ExampleWalk() {
	store, root := snapshot()
	for item, err := range restore.Walk(context.Background(), store, root, ".") {
		if err != nil {
			panic(err)
		}
		fmt.Println(item.Entry.Type, item.Path)
	}
	// Output:
	// folder .
	// file index.html
	// folder posts
	// file posts/first.txt
}

func ExampleWrite() {
	ctx := context.Background()
	store, root := snapshot()
	e, err := restore.Lookup(ctx, store, root, "index.html")
	if err != nil {
		panic(err)
	}
	_, err = restore.Write(ctx, store, "index.html", &e, os.Stdout, restore.Options{})
	if err != nil {
		panic(err)
	}
	// Output: <p>hello</p>
}

func ExampleEscape() {
	fmt.Println(restore.Escape("caf\xe9, 100%"))
	// Output: caf%E9, 100%
}
