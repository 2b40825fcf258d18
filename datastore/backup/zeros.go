package backup

import (
	"bytes"

	"github.com/heirloom-backup/heirloom/chunk"
)

const (
	zeroBlock = 4 << 10  // bytes: zeros are looked for in blocks of this size
	minHole   = 64 << 10 // bytes: shorter runs of zeros stay in their chunk, where they compress to nothing
)

var zeros [zeroBlock]byte

// grainOf returns the block size in which an image's zeros are looked for. Chunks of a fixed size stay where they are
// in the image only if holes, between which cutting begins anew, begin and end at multiples of that size.
func grainOf(p chunk.Params) int {
	if p.Algorithm == chunk.Fixed {
		return p.Average
	}
	return zeroBlock
}

// leadingZeros returns the length of the hole that data begins with, 0 for none: holes begin at whole blocks of the
// source. A run that reaches the end of data is taken although it may go on, unless it is too short to tell and more
// data follows.
func (p *pipeline) leadingZeros(data []byte, last bool) int {
	if !p.zeros || p.toBlock() > 0 {
		return 0
	}
	n := p.zeroRun(data, last)
	if n >= minHole || p.hole || last && n == len(data) {
		return n
	}
	return 0
}

// toBlock returns how many bytes there are before the next whole block of the source.
func (p *pipeline) toBlock() int {
	grain := int64(p.grain)
	return int((grain - p.offset%grain) % grain)
}

// zeroRun returns the length of the run of whole zero blocks that data begins with; at the end of the source the last
// block may be shorter.
func (p *pipeline) zeroRun(data []byte, last bool) (n int) {
	for n+p.grain <= len(data) && allZero(data[n:n+p.grain]) {
		n += p.grain
	}
	if rest := data[n:]; last && len(rest) < p.grain && allZero(rest) {
		n = len(data)
	}
	return n
}

func allZero(data []byte) bool {
	for len(data) > zeroBlock {
		if !bytes.Equal(data[:zeroBlock], zeros[:]) {
			return false
		}
		data = data[zeroBlock:]
	}
	return bytes.Equal(data, zeros[:len(data)])
}

// dataRun returns the bytes before the next hole. ended says that a hole, or the end of the source, follows them.
func (p *pipeline) dataRun(data []byte, last bool) (run []byte, ended bool) {
	if !p.zeros {
		return data, last
	}
	for at := p.toBlock(); at+p.grain <= len(data); at += p.grain {
		n := p.zeroRun(data[at:], last)
		if at > 0 && n >= minHole {
			return data[:at], true
		}
		at += n
	}
	return data, last
}
