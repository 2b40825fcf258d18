package index

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
)

func idOf(n int) chunk.ID {
	return sha256.Sum256(binary.BigEndian.AppendUint64(nil, uint64(n)))
}

// source returns a pack of the given chunks, in frames of at most perFrame; all chunks are 1000 bytes long.
func source(name string, perFrame int, ids ...chunk.ID) Source {
	t := &pack.Trailer{Kind: pack.Content, Name: name, Slots: [][]byte{[]byte("slot of " + name)}, Writer: "w"}
	for len(ids) > 0 {
		n := min(perFrame, len(ids))
		f := pack.Frame{Stored: uint32(500 * n), Plain: uint32(1000 * n), Compression: chunk.Zstd, Slot: 1,
			Nonce: uint32(len(t.Frames)), Sum: uint64(n) << 40, RefsSum: ids[0]}
		for _, id := range ids[:n] {
			f.Chunks = append(f.Chunks, pack.Chunk{ID: id, Length: 1000, Refs: 34})
		}
		f.Refs = uint32(34 * n)
		t.Frames = append(t.Frames, f)
		ids = ids[n:]
	}
	t.Place()
	return Source{Size: t.DataSize() + 100, Trailer: t}
}

// tableOf builds a table of the sources and opens it.
func tableOf(t require.TestingT, sources ...Source) *Table {
	var w bytes.Buffer
	require.NoError(t, Build(&w, sources))
	return open(t, w.Bytes())
}

func open(t require.TestingT, data []byte) *Table {
	table, err := Open(bytes.NewReader(data), int64(len(data)))
	require.NoError(t, err)
	return table
}

// location is where a chunk lies, told without a table's numbers.
type location struct {
	pack          string
	nonce         uint32 // of the frame: its number in the pack
	offset, refs  uint32
	length, plain uint32
}

// locations asks the table for all places of id.
func locations(t require.TestingT, table *Table, id chunk.ID) (list []location) {
	places, err := table.Find(nil, &id)
	require.NoError(t, err)
	for _, p := range places {
		list = append(list, located(t, table, p))
	}
	return list
}

func located(t require.TestingT, table *Table, p Place) location {
	f, packNo, err := table.Frame(p.Frame)
	require.NoError(t, err)
	require.Equal(t, p.Pack, packNo, "entry and frame name the same pack")
	return location{table.Packs()[p.Pack].Name, f.Nonce, p.Offset, p.Refs, p.Length, f.Plain}
}

// model returns where the chunks of all the sources lie.
func model(sources ...Source) map[chunk.ID][]location {
	m := map[chunk.ID][]location{}
	for _, s := range sources {
		for _, f := range s.Trailer.Frames {
			var off, refs uint32
			for _, c := range f.Chunks {
				m[c.ID] = append(m[c.ID], location{s.Trailer.Name, f.Nonce, off, refs, c.Length, f.Plain})
				off, refs = off+c.Length, refs+c.Refs
			}
		}
	}
	return m
}

// numbered returns n packs of perPack chunks each, all different.
func numbered(n, perPack int) []Source {
	list := make([]Source, n)
	for i := range list {
		ids := make([]chunk.ID, perPack)
		for k := range ids {
			ids[k] = idOf(i*perPack + k)
		}
		list[i] = source(fmt.Sprintf("pack %d", i), 100, ids...)
	}
	return list
}
