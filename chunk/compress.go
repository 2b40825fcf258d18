package chunk

import (
	"errors"
	"fmt"
	"slices"
)

// Compression tells how a frame is stored. The numbers are written to disk and never change their meaning.
type Compression uint8

const (
	Stored Compression = 0 // the bytes themselves
	Zstd   Compression = 1 // zstd frames (RFC 8878) without checksum or dictionary
)

// ErrCorrupt is what [Codec.Decompress] wraps when the data is not what it is said to be.
var ErrCorrupt = errors.New("compressed data is damaged")

// Compress appends src, compressed, to dst and returns the result and Zstd. Where compressing saves less than one byte
// in 32 it returns dst itself and Stored: the caller stores src as it is, and no copy was made. Either way it may write
// to the spare capacity of dst; if that is len(src) + 1 KiB or more and src at most 16 MiB, nothing is allocated.
//
// Data that looks random is given up after a look at 4 KiB of it, which takes about 1.5 µs.
func (c *Codec) Compress(dst, src []byte) ([]byte, Compression) {
	if incompressible(src) {
		return dst, Stored
	}
	out := c.encoder.EncodeAll(src, dst)
	if saved := len(src) - (len(out) - len(dst)); saved <= len(src)/worthwhile {
		return dst, Stored
	}
	return out, Zstd
}

// worthwhile is the part of the data that compression must save: below 3 % the space is not worth decoding the frame
// each time it is read.
const worthwhile = 32

// decoderSlack is the room behind its output that lets the decoder copy in strides: with it 128 KiB frames of source
// code decode at 1690 MB/s, without it at 1180.
const decoderSlack = 16

// Decompress appends to dst the size bytes that src, made by Compress with result Zstd, stands for. The error wraps
// ErrCorrupt if src does not decode to exactly size bytes; then dst is returned as it was, its spare capacity
// undefined. A size below 0 or above the codec's MaxSize is an error too.
//
// With a spare capacity of size bytes in dst nothing is allocated; 16 bytes more make it faster. Otherwise the
// allocation is bounded by size, whatever src pretends. This is no authentication: what was altered on purpose can
// decode to other bytes of the same number.
func (c *Codec) Decompress(dst, src []byte, size int) ([]byte, error) {
	if size < 0 || size > c.maxSize {
		return dst, fmt.Errorf("decompress to %d bytes: allowed are 0 to %d", size, c.maxSize)
	}
	if cap(dst)-len(dst) < size {
		dst = slices.Grow(dst, size+decoderSlack)
	}
	// An empty slice with the room that may be used: the decoder takes its limit from the capacity.
	end := len(dst) + size
	got, err := c.decoder.DecodeAll(src, dst[len(dst):len(dst):min(cap(dst), end+decoderSlack)])
	switch {
	case err != nil:
		return dst, fmt.Errorf("decompress %d bytes to %d: %w: %w", len(src), size, ErrCorrupt, err)
	case len(got) != size:
		return dst, fmt.Errorf("decompress %d bytes to %d: %w: it holds %d", len(src), size, ErrCorrupt, len(got))
	}
	if size > 0 && &got[0] != &dst[:end][len(dst)] {
		return append(dst, got...), nil // the decoder chose another place
	}
	return dst[:end], nil
}
