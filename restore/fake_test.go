package restore_test

import (
	"context"
	"crypto/sha256"
	"os"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/tree"
	"github.com/heirloom-backup/heirloom/restore"
)

// fake is a store in memory that can lose and damage what it holds.
type fake struct {
	nodes  map[chunk.ID]tree.Node
	chunks map[chunk.ID][]byte

	lost      map[chunk.ID]datastore.Damage
	down      error             // of every question, as if the storage could not be reached
	delivered func(id chunk.ID) // called before each chunk is passed on, if set
	mu        sync.Mutex
	fetched   map[chunk.ID]int
}

func newFake() *fake {
	return &fake{
		nodes: map[chunk.ID]tree.Node{}, chunks: map[chunk.ID][]byte{},
		lost: map[chunk.ID]datastore.Damage{}, fetched: map[chunk.ID]int{},
	}
}

func (f *fake) putNode(_ context.Context, n tree.Node) (chunk.ID, error) {
	n.Refs = tree.Refs{Trees: append([]chunk.ID{}, n.Refs.Trees...), Contents: append([]chunk.ID{}, n.Refs.Contents...)}
	n.Body = append([]byte{}, n.Body...)
	id := chunk.ID(sha256.Sum256(append(tree.AppendRefs([]byte("node"), n.Refs), n.Body...)))
	f.nodes[id] = n
	return id, nil
}

func (f *fake) putChunk(data []byte) tree.Extent {
	id := chunk.ID(sha256.Sum256(data))
	f.chunks[id] = append([]byte{}, data...)
	return tree.Extent{ID: id, Length: int64(len(data))}
}

func (f *fake) check(id chunk.ID) error {
	if d, lost := f.lost[id]; lost {
		return &datastore.ChunkError{ID: id, Reason: d, Detail: "as the test wants it"}
	}
	return f.down
}

func (f *fake) Node(ctx context.Context, id chunk.ID) (tree.Node, error) {
	if err := ctx.Err(); err != nil {
		return tree.Node{}, err
	}
	if err := f.check(id); err != nil {
		return tree.Node{}, err
	}
	n, ok := f.nodes[id]
	if !ok {
		return n, &datastore.ChunkError{ID: id, Reason: datastore.Missing, Detail: "never stored"}
	}
	return n, nil
}

func (f *fake) Fetch(ctx context.Context, ids []chunk.ID, fn func(i int, data []byte, err error) error) error {
	g, ctx := errgroup.WithContext(ctx)
	for worker := range 4 {
		g.Go(func() error {
			for i := worker; i < len(ids); i += 4 {
				if err := f.deliver(ctx, ids[i], i, fn); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return g.Wait()
}

func (f *fake) deliver(ctx context.Context, id chunk.ID, i int, fn func(i int, data []byte, err error) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if f.down != nil {
		return f.down
	}
	f.mu.Lock()
	f.fetched[id]++
	f.mu.Unlock()
	if f.delivered != nil {
		f.delivered(id)
	}
	if err := f.check(id); err != nil {
		return fn(i, nil, err)
	}
	data := append([]byte{}, f.chunks[id]...)
	err := fn(i, data, nil)
	clear(data) // who kept it has a wrong copy now
	return err
}

var _ restore.Reader = (*datastore.Store)(nil)

// object is an entry of a model of a snapshot.
type object struct {
	tree.Entry
	parts    []part    // of a file
	children []*object // of a folder, in order of their names
}

// part of a file: data, or a hole.
type part struct {
	data []byte
	hole int64
}

func (o *object) content() []byte {
	var all []byte
	for _, p := range o.parts {
		all = append(all, p.data...)
		all = append(all, make([]byte, p.hole)...)
	}
	return all
}

// store stores the object and returns its entry.
func (f *fake) store(t require.TestingT, o *object) tree.Entry {
	ctx := context.Background()
	switch o.Type {
	case tree.File:
		b := tree.NewFileBuilder(f.putNode)
		for _, p := range o.parts {
			if p.hole > 0 {
				require.NoError(t, b.Add(ctx, tree.Extent{Length: p.hole}))
			} else {
				require.NoError(t, b.Add(ctx, f.putChunk(p.data)))
			}
		}
		require.NoError(t, b.Finish(ctx, &o.Entry))
	case tree.Dir:
		b := tree.NewDirBuilder(f.putNode)
		for _, c := range o.children {
			e := f.store(t, c)
			require.NoError(t, b.Add(ctx, &e))
		}
		id, err := b.Finish(ctx)
		require.NoError(t, err)
		o.Tree = id
	}
	return o.Entry
}

// snapshot stores a model and returns the root.
func (f *fake) snapshot(t require.TestingT, o *object) chunk.ID {
	e := f.store(t, o)
	root, err := tree.PutRoot(context.Background(), f.putNode, &e)
	require.NoError(t, err)
	return root
}

func dir(name string, children ...*object) *object {
	o := own(tree.Entry{Name: name, Type: tree.Dir, Mode: 0o755, ModTime: tree.Time{Sec: 1e9, Nsec: 7}})
	o.children = children
	return o
}

func file(name string, parts ...string) *object {
	o := own(tree.Entry{Name: name, Type: tree.File, Mode: 0o644, ModTime: tree.Time{Sec: 2e9, Nsec: 999_999_999}})
	for _, p := range parts {
		o.parts = append(o.parts, part{data: []byte(p)})
	}
	return o
}

func symlink(name, target string) *object {
	return own(tree.Entry{Name: name, Type: tree.Symlink, Mode: 0o777, Target: target, ModTime: tree.Time{Sec: 1}})
}

// own makes an object of the entry that belongs to the user.
func own(e tree.Entry) *object {
	e.UID, e.GID = uint32(os.Geteuid()), uint32(os.Getegid())
	return &object{Entry: e}
}

// prepare returns a store with one snapshot.
func prepare(t testing.TB, o *object) (*fake, chunk.ID) {
	f := newFake()
	return f, f.snapshot(t, o)
}
