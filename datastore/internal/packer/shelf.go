package packer

import (
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/internal/keyring"
	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
)

// A pack's number of frames is bounded where these are tiny, to what a pack of 16 MiB has if they take 4 KiB each; and so
// is that of its chunks.
const (
	leastFrame    = 4 << 10
	fewestFrames  = 16
	maxPackChunks = 1 << 16
)

func (o *Options) maxFrames() int { return max(o.PackSize/leastFrame, fewestFrames) }

// openPack is a pack being filled. Frames are placed one after the other under the shelf's lock, and filled by many
// goroutines at once.
type openPack struct {
	packer  *Packer
	buf     []byte
	trailer pack.Trailer
	refs    [][]byte
	refSize int           // bytes of all refs
	sealer  *chunk.Sealer // nil: nothing is sealed
	chunks  int
	users   atomic.Int32 // frames being filled, and one while the pack is open
}

// slot is a frame's place in an open pack.
type slot struct {
	pack   *openPack
	listed *pack.Frame // its element of the trailer: only whoever has the slot writes there
	frame  *pack.Frame
	region []byte
}

// shelf holds the pack being filled of each kind.
type shelf struct {
	packer  *Packer
	buffers pools
	mu      sync.Mutex
	open    [pack.Tree + 1]*openPack
}

// treeShare is how many times smaller a pack of trees is: there are few of them, and their buffers would mostly be empty.
const treeShare = 2

func (o *Options) packSize(kind pack.Kind) int {
	if kind == pack.Tree {
		return o.PackSize / treeShare
	}
	return o.PackSize
}

// pools are the buffers for packs of each kind.
type pools [pack.Tree + 1]*buffers

// newPools has buffers for an open pack and for Uploads that are being stored, of each kind.
func newPools(o *Options) (p pools) {
	for kind := range p {
		p[kind] = newBuffers(o.Uploads+1, o.packSize(pack.Kind(kind)))
	}
	return p
}

// reserve finds room for a frame of size bytes before sealing, and sets what of f depends on the place.
func (s *shelf) reserve(kind pack.Kind, size int, f *pack.Frame, refs []byte) (*slot, error) {
	if s.packer.o.Public != nil {
		size += chunk.Overhead
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.open[kind]; p != nil && !p.fits(size+len(refs), len(f.Chunks)) {
		s.close(kind)
	}
	if s.open[kind] == nil {
		p, err := s.newPack(kind)
		if err != nil {
			return nil, err
		}
		s.open[kind] = p
	}
	return s.open[kind].place(size, f, refs), nil
}

func (p *openPack) fits(size, chunks int) bool {
	o := &p.packer.o
	return len(p.buf)+p.refSize+size <= o.packSize(p.trailer.Kind) && len(p.trailer.Frames) < o.maxFrames() && p.chunks+chunks <= maxPackChunks
}

func (p *openPack) place(size int, f *pack.Frame, refs []byte) *slot {
	start := len(p.buf)
	p.buf = growBy(p.buf, size)
	f.Offset, f.Stored = uint32(start), uint32(size)
	if p.sealer != nil {
		f.Slot, f.Nonce = 1, uint32(len(p.trailer.Frames))
	}
	p.chunks += len(f.Chunks)
	p.trailer.Frames = append(p.trailer.Frames, *f)
	if len(refs) > 0 {
		p.refs = append(p.refs, append([]byte(nil), refs...))
		p.refSize += len(refs)
	}
	p.users.Add(1)
	listed := &p.trailer.Frames[len(p.trailer.Frames)-1]
	return &slot{pack: p, listed: listed, frame: f, region: p.buf[start : start+size : start+size]}
}

func (s *shelf) newPack(kind pack.Kind) (*openPack, error) {
	p := &openPack{packer: s.packer}
	p.trailer = pack.Trailer{Kind: kind, Frames: make([]pack.Frame, 0, s.packer.o.maxFrames())} // never moves: slots point into it
	p.users.Store(1)
	if public := s.packer.o.Public; public != nil {
		key := chunk.NewKey()
		sealed, err := keyring.SealTo(public, keyring.InfoPackKey, key[:])
		if err != nil {
			return nil, fmt.Errorf("seal pack key: %w", err)
		}
		p.sealer, p.trailer.Slots = chunk.NewSealer(key), [][]byte{sealed}
	}
	p.buf = s.buffers[kind].get() // last: only a pack that comes to be gives its buffer back
	s.packer.storing.add(1)
	return p, nil
}

// close takes the open pack off the shelf; it is uploaded when its last frame is filled. The caller holds mu.
func (s *shelf) close(kind pack.Kind) {
	p := s.open[kind]
	s.open[kind] = nil
	p.release()
}

func (s *shelf) closeAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for kind, p := range s.open {
		if p != nil {
			s.close(pack.Kind(kind))
		}
	}
}

func (s *slot) release() { s.pack.release() }

// release never blocks: there is room in the queue for every buffer there is. So it may be called with or without the
// shelf's lock, also while somebody waits under that lock for a buffer to come free.
func (p *openPack) release() {
	if p.users.Add(-1) == 0 {
		p.packer.uploads <- p
	}
}
