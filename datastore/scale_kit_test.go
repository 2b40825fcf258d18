package datastore

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
	"github.com/heirloom-backup/heirloom/datastore/internal/index"
	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
	"github.com/heirloom-backup/heirloom/datastore/internal/sign"
)

// crowd is a store of any number of chunks that are never stored: everything about chunk n follows from n. It is a
// backend whose packs are listed and cannot be read; what they hold stands in index tables.
type crowd struct {
	backend.Backend
	chunks, perPack, perFrame int
	tables                    int // that share the packs evenly
}

func (c *crowd) packs() int { return c.chunks / c.perPack }

// needed says whether chunk n is: two of three are, in three of four frames. Every pack is then worth to be emptied, and
// most of its frames have to be copied, which is the most that a plan has to keep in mind.
func (c *crowd) needed(n int) bool { return n%3 != 0 && n/c.perFrame%4 != 3 }

// mix spreads numbers evenly, no two to the same one (the finalizer of SplitMix64).
func mix(n uint64) uint64 {
	n += 0x9e3779b97f4a7c15
	n = (n ^ n>>30) * 0xbf58476d1ce4e5b9
	n = (n ^ n>>27) * 0x94d049bb133111eb
	return n ^ n>>31
}

func (c *crowd) id(n int) (id chunk.ID) {
	for i := range uint64(4) {
		binary.BigEndian.PutUint64(id[8*i:], mix(uint64(n)*4+i))
	}
	return id
}

// crowdWriter and the rest of what a trailer says have the lengths that they have in an encrypted store.
const (
	crowdWriter = "0123456789abcdef0123456789abcdef"
	sealedKey   = 80
	perChunk    = 4096 // bytes stored
)

func (c *crowd) packName(p int) string {
	id := c.id(p)
	return hex.EncodeToString(id[:16]) + "-" + crowdWriter
}

func (c *crowd) packSize() int64 { return int64(c.perPack) * perChunk }

// source describes pack p.
func (c *crowd) source(p int) index.Source {
	t := &pack.Trailer{Kind: pack.Content, Name: c.packName(p), Slots: [][]byte{make([]byte, sealedKey)}, Writer: crowdWriter}
	for first := p * c.perPack; first < (p+1)*c.perPack; first += c.perFrame {
		f := pack.Frame{Stored: uint32(c.perFrame * perChunk), Plain: uint32(c.perFrame * perChunk), Slot: 1}
		for n := first; n < first+c.perFrame; n++ {
			f.Chunks = append(f.Chunks, pack.Chunk{ID: c.id(n), Length: perChunk})
		}
		t.Frames = append(t.Frames, f)
	}
	t.Place()
	return index.Source{Size: c.packSize(), Trailer: t}
}

// index writes the tables into a folder.
func (c *crowd) index(t testing.TB, dir string) {
	for k := range c.tables {
		path := filepath.Join(dir, fmt.Sprint(k)+tableSuffix)
		require.NoError(t, c.table(path, k*c.packs()/c.tables, (k+1)*c.packs()/c.tables))
	}
}

// table writes a table of the packs from number first up to end, as a store makes one in the course of time: of parts
// that are merged, so that no more than a part is sorted in memory.
func (c *crowd) table(path string, first, end int) error {
	const fan = 20
	part := max(buildLimit/c.perPack, 1)
	if end-first <= part {
		return writeFile(path, func(w io.Writer) error { return index.Build(w, c.sources(first, end)) })
	}
	for part*fan < end-first {
		part *= fan
	}
	var parts []*openTable
	for ; first < end; first += part {
		name := fmt.Sprint(path, ".", first)
		if err := c.table(name, first, min(first+part, end)); err != nil {
			return err
		}
		t, err := openTableFile(name)
		if err != nil {
			return err
		}
		defer os.Remove(name)
		defer t.close()
		parts = append(parts, t)
	}
	return writeFile(path, func(w io.Writer) error {
		return index.Merge(w, plain(parts), func(string) bool { return true })
	})
}

func (c *crowd) sources(first, end int) (list []index.Source) {
	for p := first; p < end; p++ {
		list = append(list, c.source(p))
	}
	return list
}

func writeFile(path string, write func(io.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}

// open opens the store with the tables that lie in dir.
func (c *crowd) open(t testing.TB, dir string) *Store {
	c.Backend = mem.New()
	require.NoError(t, Create(t.Context(), c, CreateOptions{}))
	s, err := Open(t.Context(), c, Options{CacheDir: t.TempDir()})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	s.catalog.dir.dir = dir
	s.config.Writers = sign.Writers{{ID: crowdWriter, Role: sign.Owner}}
	return s
}

func (c *crowd) List(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
	if prefix != packPrefix {
		return c.Backend.List(ctx, prefix)
	}
	return func(yield func(backend.Info, error) bool) {
		for p := range c.packs() {
			if !yield(backend.Info{Name: packObject(c.packName(p)), Size: c.packSize()}, nil) {
				return
			}
		}
	}
}
