package index

import (
	"bytes"
	"encoding/binary"
	"math"
	"testing"

	"github.com/cespare/xxhash/v2"
	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore/internal/wire"
	"github.com/heirloom-backup/heirloom/internal/alloctest"
)

// damagedSources are the packs of the table that is damaged.
func damagedSources() []Source { return numbered(3, 40) }

// TestEveryByteCounts flips each byte of a table: opening it or using it finds out, or what it says is unchanged.
func TestEveryByteCounts(t *testing.T) {
	var w bytes.Buffer
	sources := damagedSources()
	require.NoError(t, Build(&w, sources))
	for i := range w.Len() {
		data := bytes.Clone(w.Bytes())
		data[i] ^= 1 << (i % 8)
		require.ErrorIs(t, useAll(data, sources), ErrDamaged, "byte %d of %d", i, len(data))
	}
}

func TestCutOff(t *testing.T) {
	var w bytes.Buffer
	require.NoError(t, Build(&w, damagedSources()))
	for n := range w.Len() {
		_, err := Open(bytes.NewReader(w.Bytes()[:n]), int64(n))
		require.ErrorIs(t, err, ErrDamaged, "after %d bytes", n)
	}
}

// useAll opens a table and reads all of it.
func useAll(data []byte, sources []Source) error {
	table, err := Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return err
	}
	for n := range uint32(table.frames) {
		if _, _, err := table.Frame(n); err != nil {
			return err
		}
	}
	for _, s := range sources {
		for _, f := range s.Trailer.Frames {
			for _, c := range f.Chunks {
				if _, err := table.Find(nil, &c.ID); err != nil {
					return err
				}
			}
		}
	}
	return Merge(&bytes.Buffer{}, []*Table{table}, func(string) bool { return true })
}

// sealed completes a table of the given sections with right checksums.
func sealed(count, frames, packsAt, firstsAt, filterAt int64, blocks, head []byte) []byte {
	var footer []byte
	for _, v := range [...]int64{count, frames, packsAt, firstsAt, filterAt} {
		footer = binary.LittleEndian.AppendUint64(footer, uint64(v))
	}
	footer = binary.LittleEndian.AppendUint64(footer, xxhash.Sum64(head))
	footer = binary.LittleEndian.AppendUint64(footer, xxhash.Sum64(footer))
	return append(append(append(bytes.Clone(blocks), head...), footer...), magic...)
}

// TestHostileTables has small tables with right checksums that promise much.
func TestHostileTables(t *testing.T) {
	million := binary.AppendUvarint(nil, 1<<20)
	onePack := append(append(append([]byte{1, 0, 0, 1, 0}, million...), wire.AppendBytes(nil, "slot")...), 0)
	for name, data := range map[string][]byte{
		"2^62 entries":        sealed(1<<62, 0, 0, 1, 1, nil, []byte{0}),
		"a negative count":    sealed(-1, 0, 0, 1, 1, nil, []byte{0}),
		"2^62 frames":         sealed(0, 1<<62, 0, 1, 1, nil, []byte{0}),
		"frames of no bytes":  sealed(0, math.MaxInt64/frameSize+1, 0, 1, 1, nil, []byte{0}),
		"sections backwards":  sealed(0, 0, 0, 1, 0, nil, []byte{0}),
		"packs before frames": sealed(0, 0, -1, 1, 1, nil, []byte{0}),
		"half a filter line":  sealed(0, 0, 0, 1, 1, nil, make([]byte, 9)),
		"a million packs":     sealed(0, 0, 0, 3, 3, nil, million),
		"a million slots":     sealed(0, 0, 0, int64(len(onePack)), int64(len(onePack)), nil, onePack),
		"a byte too many":     sealed(0, 0, 0, 2, 2, nil, []byte{0, 0}),
	} {
		t.Run(name, func(t *testing.T) {
			var err error
			spent := alloctest.Bytes(func() { _, err = Open(bytes.NewReader(data), int64(len(data))) })
			require.ErrorIs(t, err, ErrDamaged)
			require.Less(t, spent, uint64(64<<10))
		})
	}
	empty := sealed(0, 0, 0, 1, 1, nil, []byte{0})
	_, err := Open(bytes.NewReader(empty), int64(len(empty)))
	require.NoError(t, err, "the table that the others are variants of")
}

// TestPackNumbers has entries and frames of packs that the table does not list.
func TestPackNumbers(t *testing.T) {
	var w bytes.Buffer
	out := newWriter(&w, 1)
	out.entry(&Entry{ID: idOf(1), Place: Place{Pack: 1}})
	out.endEntries()
	out.frame(&frame{pack: 1})
	require.NoError(t, out.finish([]Pack{{Name: "only"}}))
	table := open(t, w.Bytes())
	_, _, err := table.Frame(0)
	require.ErrorIs(t, err, ErrDamaged)
	for _, err := range All([]*Table{table}) {
		require.ErrorIs(t, err, ErrDamaged)
	}
	require.ErrorIs(t, Merge(&bytes.Buffer{}, []*Table{table}, func(string) bool { return true }), ErrDamaged)
}

// FuzzTable opens and uses corrupted tables: no panic, no endless work, no place outside the table's lists.
func FuzzTable(f *testing.F) {
	for _, sources := range [][]Source{nil, numbered(1, 1), damagedSources()} {
		var w bytes.Buffer
		require.NoError(f, Build(&w, sources))
		f.Add(w.Bytes(), true)
		f.Add(w.Bytes(), false)
	}
	f.Fuzz(func(t *testing.T, data []byte, mend bool) {
		if mend && len(data) >= footerSize {
			data = mended(data)
		}
		table, err := Open(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return
		}
		for i := range 130 {
			id := idOf(i)
			_, err := table.Find(nil, &id)
			if err != nil {
				require.ErrorIs(t, err, ErrDamaged)
			}
		}
		for e, err := range All([]*Table{table}) {
			if err != nil {
				break
			}
			require.Less(t, int(e.Pack), len(table.Packs()))
		}
		for n := range uint32(table.frames) {
			if _, packNo, err := table.Frame(n); err == nil {
				require.Less(t, int(packNo), len(table.Packs()))
			}
		}
	})
}

// mended makes the checksums of a table's head and footer right again.
func mended(data []byte) []byte {
	data = bytes.Clone(data)
	footer := data[len(data)-footerSize:]
	start := int64(binary.LittleEndian.Uint64(footer[16:]))
	if end := int64(len(data) - footerSize); start >= 0 && start <= end {
		binary.LittleEndian.PutUint64(footer[40:], xxhash.Sum64(data[start:end]))
	}
	binary.LittleEndian.PutUint64(footer[48:], xxhash.Sum64(footer[:48]))
	copy(footer[56:], magic)
	return data
}
