package pack_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
	"github.com/heirloom-backup/heirloom/datastore/internal/sign"
)

var update = flag.Bool("update", false, "write the golden files anew: only for a new format version")

// owner returns the key that the golden files are signed with.
func owner() (*sign.Key, sign.Writers) {
	key := sign.NewKey("0123456789abcdef0123456789abcdef", bytes.Repeat([]byte{7}, 32))
	return key, sign.Writers{{ID: key.Writer(), Public: key.Public(), Role: sign.Owner}}
}

// golden compares data with a file of testdata and returns the file.
func golden(t *testing.T, name string, data []byte) []byte {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(path, data, 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, want, data)
	return want
}

func id(b byte) (id chunk.ID) {
	for i := range id {
		id[i] = b + byte(i)
	}
	return id
}

// sample returns a trailer with something in every field; offsets are not set.
func sample(kind pack.Kind) *pack.Trailer {
	t := &pack.Trailer{Kind: kind, Name: "00112233445566778899aabbccddeeff-ffeeddccbbaa99887766554433221100",
		Slots: [][]byte{bytes.Repeat([]byte{1}, 80), bytes.Repeat([]byte{2}, 80)}}
	t.Frames = []pack.Frame{
		{Stored: 300, Plain: 1000, Compression: chunk.Zstd, Slot: 2, Nonce: 1<<32 - 1, Sum: 0x0102030405060708,
			Chunks: []pack.Chunk{{ID: id(1), Length: 400}, {ID: id(2), Length: 0}, {ID: id(3), Length: 600}}},
		{Stored: 70, Plain: 70, Compression: chunk.Stored, Chunks: []pack.Chunk{{ID: id(4), Length: 70}}},
		{Chunks: []pack.Chunk{}},
	}
	if kind == pack.Tree {
		t.Frames[0].RefsSum, t.Frames[0].Refs = id(9), 70
		t.Frames[0].Chunks[0].Refs, t.Frames[0].Chunks[2].Refs = 2, 68
	}
	return t
}

// trailers draws trailers that a decoder must accept.
func trailers() *rapid.Generator[*pack.Trailer] {
	return rapid.Custom(func(t *rapid.T) *pack.Trailer {
		tr := &pack.Trailer{Kind: rapid.SampledFrom([]pack.Kind{pack.Content, pack.Tree}).Draw(t, "kind")}
		tr.Name = string(rapid.SliceOfN(rapid.Byte(), 0, 128).Draw(t, "name"))
		tr.Slots = make([][]byte, rapid.IntRange(0, 3).Draw(t, "slots"))
		for i := range tr.Slots {
			tr.Slots[i] = rapid.SliceOfN(rapid.Byte(), 0, 100).Draw(t, "slot")
		}
		tr.Frames = make([]pack.Frame, rapid.IntRange(0, 5).Draw(t, "frames"))
		for i := range tr.Frames {
			tr.Frames[i] = drawFrame(t, tr)
		}
		return tr
	})
}

func drawFrame(t *rapid.T, tr *pack.Trailer) pack.Frame {
	f := pack.Frame{
		Stored:      rapid.Uint32Range(0, pack.MaxStored).Draw(t, "stored"),
		Compression: rapid.SampledFrom([]chunk.Compression{chunk.Stored, chunk.Zstd}).Draw(t, "compression"),
		Slot:        rapid.Uint32Range(0, uint32(len(tr.Slots))).Draw(t, "slot"),
		Nonce:       rapid.Uint32().Draw(t, "nonce"),
		Sum:         rapid.Uint64().Draw(t, "sum"),
		Chunks:      make([]pack.Chunk, rapid.IntRange(0, 5).Draw(t, "chunks")),
	}
	for i := range f.Chunks {
		c := &f.Chunks[i]
		c.ID = id(rapid.Byte().Draw(t, "id"))
		c.Length = rapid.Uint32Range(0, pack.MaxPlain/8).Draw(t, "length")
		f.Plain += c.Length
		if tr.Kind == pack.Tree {
			c.Refs = rapid.Uint32Range(0, pack.MaxRefs/8).Draw(t, "refs")
			f.Refs += c.Refs
		}
	}
	if tr.Kind == pack.Tree {
		f.RefsSum = id(rapid.Byte().Draw(t, "refs sum"))
	}
	return f
}
