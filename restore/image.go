package restore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sort"
	"sync"

	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// Image is random access to the content of a file, such as a disk image. It is an io.ReaderAt and safe for concurrent
// use, though reads that need the store wait for each other. It keeps the passages read last, up to a few tens of MiB.
type Image struct {
	ctx  context.Context
	r    Reader
	path string
	e    tree.Entry

	mu     sync.Mutex
	recent []*passage // the one used last comes last
	ahead  int        // bytes to read at the next miss: more while reading goes on in order
	end    int64      // where the passage read last ends
}

// Limits of what an Image reads and keeps.
const (
	minAhead   = 256 << 10 // bytes
	maxAhead   = 8 << 20   // bytes
	maxRecent  = 8         // passages
	maxScanned = 256       // extents in a passage
)

// OpenImage returns the content of a file. An io.ReaderAt takes no context, so the image keeps this one: its methods
// fail when ctx is done. path is for messages. There is nothing to close.
func OpenImage(ctx context.Context, r Reader, path string, e *tree.Entry) (*Image, error) {
	if e.Type != tree.File {
		return nil, fmt.Errorf("open %q, a %s: %w", path, e.Type, ErrNotFile)
	}
	return &Image{ctx: ctx, r: r, path: path, e: *e, ahead: minAhead}, nil
}

// Size returns how many bytes the file has.
func (m *Image) Size() int64 { return m.e.Size }

// ReadAt implements io.ReaderAt. A range that is damaged in the store is a *DamageError.
func (m *Image) ReadAt(p []byte, off int64) (n int, err error) {
	if off < 0 {
		return 0, fmt.Errorf("read %q at %d: the offset is negative", m.path, off)
	}
	for n < len(p) {
		if off >= m.e.Size {
			return n, io.EOF
		}
		got, err := m.readSome(p[n:], off)
		if err != nil {
			return n, err
		}
		n, off = n+got, off+int64(got)
	}
	return n, nil
}

// readSome reads from one extent.
func (m *Image) readSome(p []byte, off int64) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	passage, i := m.cached(off)
	if passage == nil {
		var err error
		if passage, err = m.load(off); err != nil {
			return 0, err
		}
		if i = passage.find(off); i < 0 {
			return 0, fmt.Errorf("read %q at %d: %w: there is no extent", m.path, off, tree.ErrFormat)
		}
	}
	x := passage.extents[i]
	skip := off - x.Offset
	if x.Hole() {
		n := int(min(int64(len(p)), x.Length-skip))
		clear(p[:n])
		return n, nil
	}
	return copy(p, passage.bytes(i)[skip:]), nil
}

// cached returns the passage and the extent that hold off, and makes the passage the one used last.
func (m *Image) cached(off int64) (*passage, int) {
	for k := len(m.recent) - 1; k >= 0; k-- {
		p := m.recent[k]
		if i := p.find(off); i >= 0 {
			m.recent = append(append(m.recent[:k], m.recent[k+1:]...), p)
			return p, i
		}
	}
	return nil, -1
}

// load reads the passage that begins with the extent that holds off, and more the longer reading goes on in order.
// Damage further on must not keep off from being read, so the passage ends before it.
func (m *Image) load(off int64) (*passage, error) {
	m.ahead = min(2*m.ahead, maxAhead)
	if off != m.end {
		m.ahead = minAhead
	}
	p, err := m.read(off, m.e.Size)
	damage, damaged := errors.AsType[*DamageError](err)
	for damaged && damage.Offset > off {
		p, err = m.read(off, damage.Offset)
		damage, damaged = errors.AsType[*DamageError](err)
	}
	if err != nil {
		return nil, err
	}
	m.keep(p)
	return p, nil
}

// read reads a passage from the extent that holds off on, of extents that begin before limit.
func (m *Image) read(off, limit int64) (*passage, error) {
	p := &passage{}
	for x, err := range extents(m.ctx, m.r, m.path, &m.e, off, stopAtDamage) {
		if err != nil && len(p.extents) > 0 {
			break // is met again when it is asked for
		}
		if err != nil {
			return nil, err
		}
		if x.Offset >= limit || p.size >= m.ahead || len(p.extents) == maxScanned {
			break
		}
		p.add(x)
	}
	return p, p.fill(m.ctx, m.r, m.path, stopAtDamage)
}

func (m *Image) keep(p *passage) {
	if len(p.extents) == 0 {
		return
	}
	last := p.extents[len(p.extents)-1]
	m.end = last.Offset + last.Length
	if len(m.recent) == maxRecent {
		m.recent = append(m.recent[:0], m.recent[1:]...)
	}
	m.recent = append(m.recent, p)
}

// find returns which extent holds offset, -1 if none.
func (p *passage) find(offset int64) int {
	i := sort.Search(len(p.extents), func(i int) bool { return p.extents[i].Offset > offset }) - 1
	if i >= 0 && offset < p.extents[i].Offset+p.extents[i].Length {
		return i
	}
	return -1
}
