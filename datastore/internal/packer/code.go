package packer

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"slices"

	"github.com/cespare/xxhash/v2"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
)

// coder is the memory one coding goroutine works in.
type coder struct {
	compressed []byte
	check      pack.Scratch
}

// code compresses, seals and checks batches until there are no more.
func (p *Packer) code() {
	var c coder
	for b := range p.batches {
		if p.failed() == nil {
			p.codeBatch(&c, b)
		}
		b.recycle()
		p.coding.add(-1)
	}
}

func (p *Packer) codeBatch(c *coder, b *batch) {
	compressed, how := p.o.Codec.Compress(c.compressed[:0], b.plain)
	data := b.plain
	if how != chunk.Stored {
		c.compressed, data = compressed, compressed
	}
	f := pack.Frame{Plain: uint32(len(b.plain)), Compression: how, Refs: uint32(len(b.refs)), Chunks: slices.Clone(b.chunks)}
	if b.home.kind == pack.Tree {
		f.RefsSum = sha256.Sum256(b.refs)
	}
	slot, err := p.shelf.reserve(b.home.kind, len(data), &f, b.refs)
	if err != nil {
		p.fail(err)
		return
	}
	slot.fill(data)
	if err := c.verify(p.o.Codec, slot, b.plain); err != nil {
		p.fail(err) // before the release, which lets the pack go up
	}
	slot.release()
}

// verify decodes what was just coded: a compressor's or a memory's mistake is found here, not at the restore.
func (c *coder) verify(codec *chunk.Codec, s *slot, plain []byte) error {
	got, err := s.frame.Decode(&c.check, codec, s.pack.sealer, s.region)
	if err != nil {
		return fmt.Errorf("check frame before it is stored: %w", err)
	}
	if !bytes.Equal(got, plain) {
		return fmt.Errorf("check frame before it is stored: %w: it does not decode to what went in", pack.ErrDamaged)
	}
	return nil
}

// fill puts the coded bytes in their place, sealing them on the way.
func (s *slot) fill(data []byte) {
	if s.pack.sealer == nil {
		copy(s.region, data)
	} else {
		s.pack.sealer.Seal(s.region[:0], data, s.frame.Nonce, nil)
	}
	s.frame.Sum = xxhash.Sum64(s.region)
	*s.listed = *s.frame
}
