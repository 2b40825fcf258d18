package datastore

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
)

// moving takes frames out of packs that are going to be deleted, and lays new packs out of them. Frames move as they
// are, compressed and sealed: only the list of pack keys and each frame's place in it change. A pack moves as a whole or,
// if it cannot, not at all.
type moving struct {
	store *Store
	names []string                   // of the packs, in the order in which they are emptied
	want  map[string]map[uint32]bool // of each pack, the offsets of the frames to take
	stuck map[string]bool            // packs that cannot be emptied
	done  func(ctx context.Context, l *layout) error

	// read returns the frames of one pack as they are stored, or says that it is stuck. Nil: nobody wants the bytes.
	read func(ctx context.Context, t *pack.Trailer, frames []*pack.Frame) (bytes []parcel, stuck bool, err error)

	open [pack.Tree + 1]*layout
}

// parcel is the bytes of a frame on its way.
type parcel struct{ stored, refs []byte }

// layout is a pack to be: what its trailer will say, but for its name, and the bytes of its frames.
type layout struct {
	trailer pack.Trailer
	data    []byte
	refs    []byte
	size    int // bytes of frames and refs
	chunks  int
}

const (
	maxLaidFrames = 4096
	maxLaidChunks = 1 << 16
	maxLaidSlots  = 1024
)

// run lays out packs until everything is in one, and hands each to done.
func (m *moving) run(ctx context.Context) error {
	for _, name := range m.names {
		err := m.empty(ctx, name)
		if errors.Is(err, backend.ErrNotFound) {
			err = errors.Join(errMoved, err)
		}
		if err != nil {
			return err
		}
	}
	for _, l := range m.open {
		if l != nil {
			if err := m.done(ctx, l); err != nil {
				return err
			}
		}
	}
	return nil
}

// empty adds what is wanted of one pack.
func (m *moving) empty(ctx context.Context, name string) error {
	t, err := m.store.describe(ctx, name)
	if err != nil {
		return err
	}
	if t == nil || !m.store.config.Writers.Trusted(t.Writer) { // whoever copies a frame vouches for it
		m.stuck[name] = true
		return nil
	}
	var frames []*pack.Frame
	for i := range t.Frames {
		if m.want[name][t.Frames[i].Offset] {
			frames = append(frames, &t.Frames[i])
		}
	}
	if len(frames) != len(m.want[name]) { // the index and the pack do not agree on what is in it
		m.stuck[name] = true
		return nil
	}
	bytes := make([]parcel, len(frames))
	if m.read != nil {
		var stuck bool
		if bytes, stuck, err = m.read(ctx, t, frames); err != nil || stuck {
			m.stuck[name] = stuck
			return err
		}
	}
	for i, f := range frames {
		if err := m.add(ctx, t, f, bytes[i]); err != nil {
			return err
		}
	}
	return nil
}

// describe returns a pack's trailer, or its copy where it is damaged; nil if there is none.
func (s *Store) describe(ctx context.Context, name string) (*pack.Trailer, error) {
	t, err := s.readTrailer(ctx, name, s.catalog.known(name).size)
	if damaged(err) {
		return s.trailerCopy(ctx, name)
	}
	return t, err
}

func (m *moving) add(ctx context.Context, t *pack.Trailer, f *pack.Frame, p parcel) error {
	l := m.open[t.Kind]
	if l != nil && !l.fits(f, m.store.o.PackSize) {
		m.open[t.Kind] = nil
		if err := m.done(ctx, l); err != nil {
			return err
		}
		l = nil
	}
	if l == nil {
		l = &layout{trailer: pack.Trailer{Kind: t.Kind}}
		m.open[t.Kind] = l
	}
	l.add(t, f, p)
	return nil
}

func (l *layout) fits(f *pack.Frame, limit int) bool {
	return l.size+int(f.Stored)+int(f.Refs) <= limit && len(l.trailer.Frames) < maxLaidFrames &&
		l.chunks+len(f.Chunks) <= maxLaidChunks && len(l.trailer.Slots) < maxLaidSlots
}

func (l *layout) add(t *pack.Trailer, f *pack.Frame, p parcel) {
	l.data, l.refs = append(l.data, p.stored...), append(l.refs, p.refs...)
	moved := *f
	if f.Slot != 0 {
		moved.Slot = l.slot(t.Slots[f.Slot-1])
	}
	l.trailer.Frames = append(l.trailer.Frames, moved)
	l.size += int(f.Stored) + int(f.Refs)
	l.chunks += len(f.Chunks)
}

// slot returns the place of a sealed key in the list, plus one. Frames of one pack follow each other, so it is the last
// or a new one.
func (l *layout) slot(key []byte) uint32 {
	if n := len(l.trailer.Slots); n == 0 || string(l.trailer.Slots[n-1]) != string(key) {
		l.trailer.Slots = append(l.trailer.Slots, key)
	}
	return uint32(len(l.trailer.Slots))
}

// bytes returns the size of the pack to be.
func (l *layout) bytes(s *Store) int64 {
	t := l.trailer
	t.Name, t.Writer = newID()+"-"+newID(), s.signer.Writer()
	return t.DataSize() + int64(len(t.Append(nil, s.signer))) + pack.FooterSize
}

// moves returns the moving of all that a census says must be copied.
func (c *collector) moves(counted *census) (*moving, error) {
	offsets, err := counted.toCopy()
	if err != nil {
		return nil, err
	}
	m := &moving{store: c.store, want: map[string]map[uint32]bool{}, stuck: map[string]bool{}}
	for n, frames := range offsets {
		m.want[c.store.catalog.pack(n).name] = frames
	}
	m.names = slices.SortedFunc(maps.Keys(m.want), bySession)
	return m, nil
}

// bySession orders packs by the session that wrote them: what was saved together stays together.
func bySession(a, b string) int {
	if x, y := sessionOf(a), sessionOf(b); x != y {
		return strings.Compare(x, y)
	}
	return strings.Compare(a, b)
}

// errMoved says that a pack was deleted while it was being emptied: another collection was quicker.
var errMoved = errors.New("another collection has deleted a pack meanwhile")
