package packer

import (
	"sync"

	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
)

// maxBatchChunks bounds a frame's list of chunks where the chunks are tiny.
const maxBatchChunks = 8192

// assembler collects chunks of one kind into batches, each of which becomes a frame.
type assembler struct {
	kind   pack.Kind
	packer *Packer
	mu     sync.Mutex
	cur    *batch
	spare  chan *batch // to be used again: a garbage collection does not empty it, as it would a sync.Pool
}

func newAssembler(p *Packer, kind pack.Kind) assembler {
	return assembler{kind: kind, packer: p, spare: make(chan *batch, p.o.Workers+2)} // one queued, one being collected
}

// batch is a frame before it is coded.
type batch struct {
	home   *assembler
	plain  []byte
	refs   []byte
	chunks []pack.Chunk
}

func (a *assembler) add(items []Item) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for i := range items {
		it := &items[i]
		if len(it.Data) >= a.packer.o.SoloSize {
			b := a.newBatch()
			b.append(it)
			a.packer.send(b)
			continue
		}
		if a.cur != nil && !a.cur.fits(it, a.packer.o.FrameSize) {
			a.dispatch()
		}
		if a.cur == nil {
			a.cur = a.newBatch()
		}
		a.cur.append(it)
	}
}

func (a *assembler) newBatch() *batch {
	select {
	case b := <-a.spare:
		return b
	default:
		return &batch{home: a, plain: make([]byte, 0, a.packer.o.FrameSize)}
	}
}

// dispatch sends the batch being collected on its way. The caller holds mu.
func (a *assembler) dispatch() {
	if a.cur != nil {
		a.packer.send(a.cur)
		a.cur = nil
	}
}

func (p *Packer) send(b *batch) {
	p.coding.add(1)
	p.batches <- b // never for ever: workers take batches until Close, after an error to drop them
}

func (b *batch) fits(it *Item, size int) bool {
	return len(b.plain)+len(it.Data) <= size && len(b.refs)+len(it.Refs) <= size && len(b.chunks) < maxBatchChunks
}

func (b *batch) append(it *Item) {
	b.plain = append(b.plain, it.Data...)
	b.refs = append(b.refs, it.Refs...)
	b.chunks = append(b.chunks, pack.Chunk{ID: it.ID, Length: uint32(len(it.Data)), Refs: uint32(len(it.Refs))})
}

// recycle gives the batch's memory back, unless one large chunk has made it large.
func (b *batch) recycle() {
	if cap(b.plain) > 2*b.home.packer.o.FrameSize {
		return
	}
	b.plain, b.refs, b.chunks = b.plain[:0], b.refs[:0], b.chunks[:0]
	select {
	case b.home.spare <- b:
	default:
	}
}
