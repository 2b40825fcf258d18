// Package packer turns new chunks into packs: it collects them into frames, compresses and seals the frames on several
// goroutines straight into the packs' buffers, decodes each one again to be sure of it, and stores full packs.
//
// The stages are bounded: a full queue makes Add wait, so memory is a handful of pack buffers however much comes in.
package packer

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
	"github.com/heirloom-backup/heirloom/datastore/internal/sign"
)

// Options say how packs are made.
type Options struct {
	Codec     *chunk.Codec
	Key       *sign.Key // signs trailers; nil in a store without keys
	Public    []byte    // the key that pack keys are sealed to; nil: nothing is sealed
	FrameSize int       // bytes of plain data in a shared frame
	SoloSize  int       // a chunk of this many bytes is a frame of its own
	PackSize  int       // bytes; a pack is full when the next frame would make it larger
	Workers   int       // goroutines that compress and seal
	Uploads   int       // packs stored at the same time

	NewName func() string                                             // a pack id that was never used
	Put     func(ctx context.Context, name string, data []byte) error // stores a pack; see backend.Backend
	Done    func(Pack) error                                          // called for each pack once it is durable; not concurrently
}

// Pack is a pack that was stored.
type Pack struct {
	*pack.Trailer
	Encoded []byte // the trailer as it stands in the pack
	Size    int64  // of the whole pack, bytes
}

// Item is a chunk to be packed: its ID and its bytes. For a node, Refs are the first part of those bytes.
type Item struct {
	ID   chunk.ID
	Refs []byte
	Data []byte
}

// ErrClosed says that the packer was closed.
var ErrClosed = errors.New("packer is closed")

// Packer makes packs. It is safe for concurrent use, but for Close.
type Packer struct {
	o       Options
	content assembler
	tree    assembler
	batches chan *batch
	shelf   shelf
	uploads chan *openPack
	coding  gauge // batches not yet in a pack
	storing gauge // packs opened and not yet durable
	group   sync.WaitGroup
	closing sync.Once

	doneMu sync.Mutex
	errMu  sync.Mutex
	err    error
}

// New starts a packer. ctx bounds the storing of packs. The caller closes it.
func New(ctx context.Context, o Options) *Packer {
	p := &Packer{o: o, batches: make(chan *batch, 1), uploads: make(chan *openPack, 2*(o.Uploads+1))} // all there can be
	p.content, p.tree = newAssembler(p, pack.Content), newAssembler(p, pack.Tree)
	p.shelf = shelf{packer: p, buffers: newPools(&o)}
	p.coding.init()
	p.storing.init()
	for range o.Workers {
		p.group.Go(p.code)
	}
	for range o.Uploads {
		p.group.Go(func() { p.upload(ctx) })
	}
	return p
}

// Add takes chunks of one kind; it copies their bytes. It waits while too much is under way and fails as soon as
// anything added before could not be stored. If one of the items is larger than a frame can be, it takes none.
func (p *Packer) Add(kind pack.Kind, items ...Item) error {
	if err := p.failed(); err != nil {
		return err
	}
	for i := range items {
		if it := &items[i]; len(it.Data) > pack.MaxPlain || len(it.Refs) > pack.MaxRefs {
			return fmt.Errorf("pack chunk %s: %d bytes and %d of refs are more than a frame holds", it.ID, len(it.Data), len(it.Refs))
		}
	}
	a := &p.content
	if kind == pack.Tree {
		a = &p.tree
	}
	a.add(items)
	return p.failed()
}

// Flush returns when all that was added is durable. Add waits meanwhile.
func (p *Packer) Flush() error {
	p.content.mu.Lock()
	defer p.content.mu.Unlock()
	p.tree.mu.Lock()
	defer p.tree.mu.Unlock()
	p.content.dispatch()
	p.tree.dispatch()
	p.settle()
	return p.failed()
}

// Close ends the packer's goroutines. What was not flushed is lost. Nothing may be added afterwards.
func (p *Packer) Close() {
	p.closing.Do(func() {
		p.fail(ErrClosed)
		close(p.batches)
		p.settle()
		close(p.uploads)
		p.group.Wait()
	})
}

// settle waits until all batches are in packs, ends the packs that are open, and waits until they are stored.
func (p *Packer) settle() {
	p.coding.wait()
	p.shelf.closeAll()
	p.storing.wait()
}

// fail keeps the first error. From then on the stages drop what reaches them, so that nobody waits for ever.
func (p *Packer) fail(err error) {
	p.errMu.Lock()
	defer p.errMu.Unlock()
	if p.err == nil {
		p.err = err
	}
}

func (p *Packer) failed() error {
	p.errMu.Lock()
	defer p.errMu.Unlock()
	return p.err
}
