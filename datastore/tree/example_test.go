package tree_test

import (
	"context"
	"crypto/sha256"
	"fmt"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// memory keeps nodes in a map; a datastore has the same two functions.
type memory map[chunk.ID]tree.Node

func (m memory) put(_ context.Context, n tree.Node) (chunk.ID, error) {
	id := chunk.ID(sha256.Sum256(append(tree.AppendRefs(nil, n.Refs), n.Body...)))
	n.Refs.Trees = append([]chunk.ID(nil), n.Refs.Trees...)
	n.Refs.Contents = append([]chunk.ID(nil), n.Refs.Contents...)
	m[id] = tree.Node{Refs: n.Refs, Body: append([]byte(nil), n.Body...)}
	return id, nil
}

func (m memory) get(_ context.Context, id chunk.ID) (tree.Node, error) { return m[id], nil }

// A folder is built from its entries in byte order, the innermost folder first.
func Example() {
	ctx, store := context.Background(), memory{}
	photo := tree.Entry{Name: "photo.jpg", Type: tree.File, Mode: 0o644}
	content := tree.NewFileBuilder(store.put)
	content.Add(ctx, tree.Extent{ID: sha256.Sum256([]byte("first chunk")), Length: 120_000})
	content.Add(ctx, tree.Extent{ID: sha256.Sum256([]byte("second chunk")), Length: 30_000})
	if err := content.Finish(ctx, &photo); err != nil {
		panic(err)
	}

	folder := tree.NewDirBuilder(store.put)
	for _, e := range []tree.Entry{{Name: "latest", Type: tree.Symlink, Target: "photo.jpg"}, photo} {
		if err := folder.Add(ctx, &e); err != nil {
			panic(err)
		}
	}
	id, err := folder.Finish(ctx)
	if err != nil {
		panic(err)
	}
	root, err := tree.PutRoot(ctx, store.put, &tree.Entry{Name: "pictures", Type: tree.Dir, Mode: 0o755, Tree: id})
	if err != nil {
		panic(err)
	}

	e, err := tree.Root(ctx, store.get, root)
	if err != nil {
		panic(err)
	}
	fmt.Println(e.Name)
	for e, err := range tree.Entries(ctx, store.get, e.Tree) {
		if err != nil {
			panic(err)
		}
		fmt.Printf("  %s, a %s of %d bytes\n", e.Name, e.Type, e.Size)
	}
	// Output:
	// pictures
	//   latest, a symlink of 0 bytes
	//   photo.jpg, a file of 150000 bytes
}

// Find reads one node a level, however large the folder is.
func ExampleFind() {
	ctx, store := context.Background(), memory{}
	folder := tree.NewDirBuilder(store.put)
	for i := range 10_000 {
		if err := folder.Add(ctx, &tree.Entry{Name: fmt.Sprintf("%05d.fifo", i), Type: tree.FIFO, UID: uint32(i)}); err != nil {
			panic(err)
		}
	}
	id, err := folder.Finish(ctx)
	if err != nil {
		panic(err)
	}

	e, found, err := tree.Find(ctx, store.get, id, "04711.fifo")
	fmt.Println(e.UID, found, err)
	_, found, err = tree.Find(ctx, store.get, id, "absent")
	fmt.Println(found, err)
	// Output:
	// 4711 true <nil>
	// false <nil>
}

// Extents begins with the extent that holds the offset; what lies before is not read.
func ExampleExtents() {
	ctx, store := context.Background(), memory{}
	var disk tree.Entry
	content := tree.NewFileBuilder(store.put)
	for _, x := range []tree.Extent{
		{ID: sha256.Sum256([]byte("boot")), Length: 4096},
		{Length: 1 << 30},
		{ID: sha256.Sum256([]byte("end")), Length: 512},
	} {
		if err := content.Add(ctx, x); err != nil {
			panic(err)
		}
	}
	if err := content.Finish(ctx, &disk); err != nil {
		panic(err)
	}

	for x, err := range tree.Extents(ctx, store.get, &disk, 5000) {
		if err != nil {
			panic(err)
		}
		fmt.Println(x.Offset, x.Length, x.Hole())
	}
	// Output:
	// 4096 1073741824 true
	// 1073745920 512 false
}
