//go:build linux

package endtoend

import (
	"encoding/binary"
	"fmt"
	"io"
	"slices"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
)

// harm is one thing that happens to one object.
type harm struct {
	object string
	kind   string
	how    string // flip, cut, delete
	at     int64  // of a flip: the offset; of a cut: what is left
	bits   byte   // of a flip
}

const (
	flip   = "flip"
	cut    = "cut"
	remove = "delete"
)

func (h harm) String() string {
	return fmt.Sprintf("%s %s (at %d, bits %#02x)", h.how, h.object, h.at, h.bits)
}

// do returns a copy of the store with the harm done.
func (h harm) do(p *patient) (*mem.Backend, error) {
	b, ctx := p.backend.Clone(), p.t.Context()
	data, err := backend.ReadAll(ctx, b, h.object, 1<<30)
	if err != nil {
		return nil, err
	}
	if err := b.Delete(ctx, h.object); err != nil || h.how == remove {
		return b, err
	}
	data = slices.Clone(data)
	if h.how == flip {
		data[h.at] ^= h.bits
	} else {
		data = data[:h.at]
	}
	return b, b.Put(ctx, h.object, data)
}

// harms lists what can happen to the store. Of objects larger than dense bytes only some offsets are flipped: those
// around the borders of their parts, and one in stride.
func (p *patient) harms(dense, stride int64) (list []harm) {
	for info, err := range p.backend.List(p.t.Context(), "") {
		require.NoError(p.t, err)
		kind := p.kindOf(info.Name)
		for _, at := range p.offsets(info, dense, stride) {
			list = append(list, harm{info.Name, kind, flip, at, 1 << (at * 5 % 8)})
			if info.Size <= dense {
				list = append(list, harm{info.Name, kind, flip, at, 0x20}) // the other case, of a letter
			}
		}
		for _, left := range []int64{0, 1, info.Size / 2, info.Size - 1} {
			list = append(list, harm{info.Name, kind, cut, left, 0})
		}
		list = append(list, harm{object: info.Name, kind: kind, how: remove})
	}
	return list
}

func (p *patient) offsets(info backend.Info, dense, stride int64) (list []int64) {
	if info.Size <= dense {
		stride = 1
	}
	for at := stride / 2; at < info.Size; at += stride {
		list = append(list, at)
	}
	for _, border := range append(p.cuts[info.Name], 0, info.Size) {
		for at := max(border-1, 0); at <= min(border, info.Size-1); at++ {
			list = append(list, at)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// The layout of a pack's end, as docs/format.md has it: a footer of 24 bytes that begins with the trailer's length, and
// the trailer, of which the second byte is the kind.
const (
	packFooter = 24
	treeKind   = 2
)

func (p *patient) trailer(name string) []byte {
	data := p.bytesOf(name)
	end := len(data) - packFooter
	return data[end-int(binary.LittleEndian.Uint32(data[end:])) : end]
}

func (p *patient) isTree(name string) bool { return p.trailer(name)[1] == treeKind }

func (p *patient) bytesOf(name string) []byte {
	r, err := p.backend.Get(p.t.Context(), name, 0, -1)
	require.NoError(p.t, err)
	defer r.Close()
	data, err := io.ReadAll(r)
	require.NoError(p.t, err)
	return data
}

// findCuts reads the trailers of the packs for where frames, refs, trailer and footer begin.
func (p *patient) findCuts() {
	p.cuts = map[string][]int64{}
	for info, err := range p.backend.List(p.t.Context(), "packs/") {
		require.NoError(p.t, err)
		trailer := &trailerReader{data: p.trailer(info.Name)}
		end := info.Size - packFooter
		p.cuts[info.Name] = append(trailer.borders(), end-int64(len(trailer.data)), end, end+4, end+8, end+16)
	}
}
