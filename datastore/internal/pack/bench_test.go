package pack_test

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
)

// full is the trailer of a pack of 16 MiB: 16 frames of 200 chunks each.
func full() *pack.Trailer {
	t := &pack.Trailer{Kind: pack.Content, Name: "name", Slots: [][]byte{make([]byte, 80)}}
	for i := range 16 {
		f := pack.Frame{Stored: 1 << 19, Plain: 200 * 5000, Slot: 1, Nonce: uint32(i), Chunks: make([]pack.Chunk, 200)}
		for k := range f.Chunks {
			f.Chunks[k].Length = 5000
			binary.BigEndian.PutUint32(f.Chunks[k].ID[:], uint32(i*200+k)*2654435761)
		}
		t.Frames = append(t.Frames, f)
	}
	return t
}

func BenchmarkTrailerAppend(b *testing.B) {
	key, _ := owner()
	tr := full()
	buf := tr.Append(nil, key)
	b.SetBytes(int64(len(buf)))
	b.ReportAllocs()
	for b.Loop() {
		buf = tr.Append(buf[:0], key)
	}
}

func BenchmarkDecodeTrailer(b *testing.B) {
	key, writers := owner()
	data := full().Append(nil, key)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		_, err := pack.DecodeTrailer(data, writers)
		require.NoError(b, err)
	}
}

// hundred is what an index segment lists after 1.6 GiB.
func hundred() []pack.Listed {
	key, _ := owner()
	listed := make([]pack.Listed, 100)
	for i := range listed {
		listed[i] = pack.Listed{Size: 16 << 20, Trailer: full().Append(nil, key)}
	}
	return listed
}

func BenchmarkSegmentAppend(b *testing.B) {
	listed := hundred()
	buf := pack.AppendSegment(nil, listed)
	b.SetBytes(int64(len(buf)))
	b.ReportAllocs()
	for b.Loop() {
		buf = pack.AppendSegment(buf[:0], listed)
	}
}

func BenchmarkDecodeSegment(b *testing.B) {
	data := pack.AppendSegment(nil, hundred())
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		_, err := pack.DecodeSegment(data)
		require.NoError(b, err)
	}
}
