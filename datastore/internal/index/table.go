package index

import (
	"encoding/binary"
	"fmt"
	"io"
	"sort"
	"sync"

	"github.com/cespare/xxhash/v2"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
)

// Table is an open table. It is safe for concurrent use.
type Table struct {
	r      io.ReaderAt
	count  int64 // entries
	frames int64
	at     offsets
	packs  []Pack
	firsts []uint64 // the prefix of the first ID of each block
	filter filter
	blocks sync.Pool // *[blockSize]byte
}

// offsets are where a table's sections begin; blocks begin at 0.
type offsets struct {
	frames, packs, firsts, filter, footer int64
}

// Open reads the parts of a table that are kept in memory. The table reads the rest through r when asked; the caller
// closes what is behind r after the last use.
func Open(r io.ReaderAt, size int64) (*Table, error) {
	t := &Table{r: r, blocks: sync.Pool{New: func() any { return new([blockSize]byte) }}}
	if size < footerSize {
		return nil, fmt.Errorf("%w: %d bytes", ErrDamaged, size)
	}
	footer := make([]byte, footerSize)
	if _, err := r.ReadAt(footer, size-footerSize); err != nil {
		return nil, fmt.Errorf("read index table: %w", err)
	}
	if err := t.parseFooter(footer, size); err != nil {
		return nil, err
	}
	return t, t.readHead(binary.LittleEndian.Uint64(footer[40:]))
}

func (t *Table) parseFooter(p []byte, size int64) error {
	if string(p[56:]) != magic || xxhash.Sum64(p[:48]) != binary.LittleEndian.Uint64(p[48:]) {
		return fmt.Errorf("%w: not an index table", ErrDamaged)
	}
	i64 := func(i int) int64 { return int64(binary.LittleEndian.Uint64(p[8*i:])) }
	t.count, t.frames = i64(0), i64(1)
	t.at = offsets{packs: i64(2), firsts: i64(3), filter: i64(4), footer: size - footerSize}
	t.at.frames = blocksFor(t.count) * blockSize
	ok := t.count >= 0 && t.frames >= 0 && t.count < size && t.frames < size &&
		t.at.packs == t.at.frames+t.frames*frameSize && t.at.firsts >= t.at.packs &&
		t.at.filter == t.at.firsts+blocksFor(t.count)*8 && t.at.footer >= t.at.filter && (t.at.footer-t.at.filter)%64 == 0
	if !ok {
		return fmt.Errorf("%w: sections do not fit together", ErrDamaged)
	}
	return nil
}

func blocksFor(count int64) int64 { return (count + perBlock - 1) / perBlock }

// readHead reads what is kept in memory. It is much in a large table, so that no part of it is in memory twice.
func (t *Table) readHead(want uint64) (err error) {
	sum := xxhash.New()
	r := io.TeeReader(io.NewSectionReader(t.r, t.at.packs, t.at.footer-t.at.packs), sum)
	packs := make([]byte, t.at.firsts-t.at.packs)
	if _, err := io.ReadFull(r, packs); err != nil {
		return fmt.Errorf("read index table: %w", err)
	}
	if t.firsts, err = readWords(r, t.at.filter-t.at.firsts); err != nil {
		return err
	}
	if t.filter, err = readWords(r, t.at.footer-t.at.filter); err != nil {
		return err
	}
	if sum.Sum64() != want {
		return fmt.Errorf("%w: checksum does not match", ErrDamaged)
	}
	t.packs, err = decodePacks(packs)
	return err
}

// readWords reads words of size bytes in all.
func readWords(r io.Reader, size int64) ([]uint64, error) {
	list := make([]uint64, size/8)
	part := make([]byte, min(size, 1<<15))
	for rest := list; len(rest) > 0; {
		p := part[:min(len(part), 8*len(rest))]
		if _, err := io.ReadFull(r, p); err != nil {
			return nil, fmt.Errorf("read index table: %w", err)
		}
		for i := range len(p) / 8 {
			rest[i] = binary.LittleEndian.Uint64(p[8*i:])
		}
		rest = rest[len(p)/8:]
	}
	return list, nil
}

// Packs returns the packs the table knows. It is the table's own slice.
func (t *Table) Packs() []Pack { return t.packs }

// Len returns the number of entries.
func (t *Table) Len() int64 { return t.count }

// Find appends the places of id to dst.
func (t *Table) Find(dst []Place, id *chunk.ID) ([]Place, error) {
	err := t.eachBlock(id, func(_ int, block []byte) { dst = findInBlock(dst, block, id) })
	return dst, err
}

// eachBlock calls fn for each block that may hold entries of id.
func (t *Table) eachBlock(id *chunk.ID, fn func(number int, block []byte)) error {
	if len(t.filter) > 0 && !t.filter.has(id) {
		return nil
	}
	key := prefix(id)
	first := sort.Search(len(t.firsts), func(i int) bool { return t.firsts[i] >= key })
	block := t.blocks.Get().(*[blockSize]byte)
	defer t.blocks.Put(block)
	for i := max(first-1, 0); i < len(t.firsts) && (i < first || t.firsts[i] <= key); i++ {
		n, err := t.readBlock(block, i)
		if err != nil {
			return err
		}
		fn(i, block[:n*entrySize])
	}
	return nil
}

// readBlock returns the number of entries in block i.
func (t *Table) readBlock(block *[blockSize]byte, i int) (int, error) {
	if _, err := t.r.ReadAt(block[:], int64(i)*blockSize); err != nil {
		return 0, fmt.Errorf("read index table: %w", err)
	}
	if xxhash.Sum64(block[:blockSize-8]) != binary.LittleEndian.Uint64(block[blockSize-8:]) {
		return 0, fmt.Errorf("%w: block %d", ErrDamaged, i)
	}
	return int(min(t.count-int64(i)*perBlock, perBlock)), nil
}

func findInBlock(dst []Place, block []byte, id *chunk.ID) []Place {
	from, to := rangeInBlock(block, id)
	for i := from; i < to; i++ {
		dst = append(dst, decodePlace(block[i*entrySize:]))
	}
	return dst
}

// Frame returns frame n, without its chunks, and the number of its pack.
func (t *Table) Frame(n uint32) (pack.Frame, uint32, error) {
	if int64(n) >= t.frames {
		return pack.Frame{}, 0, fmt.Errorf("%w: frame %d of %d", ErrDamaged, n, t.frames)
	}
	block := t.blocks.Get().(*[blockSize]byte) // whoever asks for every frame would leave much garbage otherwise
	defer t.blocks.Put(block)
	p := block[:frameSize]
	if _, err := t.r.ReadAt(p, t.at.frames+int64(n)*frameSize); err != nil {
		return pack.Frame{}, 0, fmt.Errorf("read index table: %w", err)
	}
	f, ok := decodeFrame(p)
	if !ok || int64(f.pack) >= int64(len(t.packs)) {
		return pack.Frame{}, 0, fmt.Errorf("%w: frame %d", ErrDamaged, n)
	}
	return f.Frame, f.pack, nil
}
