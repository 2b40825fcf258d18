package source

import (
	"errors"
	"io"
	"slices"
	"sync"

	"golang.org/x/sys/unix"

	"github.com/heirloom-backup/heirloom/internal/direct"
)

// ahead reads an image in large blocks, past the page cache, and the next blocks while one is being used. An image is
// read once: what the cache keeps of it only drives out what other programs need, and filling it costs as much as a
// quarter of a first backup's CPU time. It is safe for concurrent use, and quick for one reader that goes forward.
type ahead struct {
	fd   int
	size int64

	mu    sync.Mutex
	now   block
	next  []*coming // blocks being read, in order; they follow now
	spare [][]byte  // rooms
	maps  [][]byte
}

// coming is a block that is being read.
type coming struct {
	block
	done chan struct{}
}

// block is what lies in the file at a place. err says why it is shorter than it should be.
type block struct {
	room []byte // of aheadBytes
	at   int64
	n    int // bytes read
	err  error
}

const (
	aheadBytes = 1 << 20 // of a block
	aheadDepth = 4       // blocks being read at a time: disks are quicker when they are asked for more than one thing
)

// readAhead makes fd, which it does not own, read past the cache. It returns nil where that cannot be done, and then fd is
// as it was.
func readAhead(fd int, size int64) pastCache {
	a := &ahead{fd: fd, size: size}
	if a.allocate() != nil || direct.Set(fd, true) != nil {
		_ = a.close()
		return nil
	}
	return a
}

// allocate maps the rooms: reads past the cache want memory that is aligned as pages are.
func (a *ahead) allocate() error {
	for range aheadDepth + 1 {
		room, err := unix.Mmap(-1, 0, aheadBytes, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
		if err != nil {
			return err
		}
		a.maps = append(a.maps, room)
	}
	a.now.room, a.spare = a.maps[0], slices.Clone(a.maps[1:])
	return nil
}

// ReadAt implements io.ReaderAt.
func (a *ahead) ReadAt(p []byte, offset int64) (done int, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for done < len(p) {
		n, err := a.some(p[done:], offset+int64(done))
		done += n
		if err != nil {
			return done, err
		}
	}
	return done, nil
}

// some reads from one block.
func (a *ahead) some(p []byte, offset int64) (int, error) {
	if !a.now.holds(offset) {
		a.turn(offset / direct.Alignment * direct.Alignment)
	}
	if n := copy(p, a.now.from(offset)); n > 0 {
		return n, nil
	}
	if a.now.err != nil {
		return 0, a.now.err
	}
	return 0, io.EOF
}

func (b *block) holds(offset int64) bool { return b.at <= offset && offset < b.at+int64(b.n) }

func (b *block) from(offset int64) []byte {
	if !b.holds(offset) {
		return nil
	}
	return b.room[offset-b.at : b.n]
}

// turn makes the block at a place the present one, and begins to read those behind it.
func (a *ahead) turn(at int64) {
	a.spare = append(a.spare, a.now.room)
	if len(a.next) > 0 && a.next[0].at == at {
		a.now = a.first()
	} else {
		a.drop()
		a.now = block{room: a.room(), at: at}
		a.fill(&a.now)
	}
	behind := at + int64(len(a.next)+1)*aheadBytes
	for len(a.spare) > 0 && a.now.n == aheadBytes && behind < a.size {
		a.begin(behind)
		behind += aheadBytes
	}
}

func (a *ahead) room() (room []byte) {
	room, a.spare = a.spare[len(a.spare)-1], a.spare[:len(a.spare)-1]
	return room
}

func (a *ahead) begin(at int64) {
	c := &coming{block: block{room: a.room(), at: at}, done: make(chan struct{})}
	a.next = append(a.next, c)
	go func() {
		defer close(c.done)
		a.fill(&c.block)
	}()
}

// first waits for the first of the blocks being read.
func (a *ahead) first() block {
	c := a.next[0]
	a.next = slices.Delete(a.next, 0, 1)
	<-c.done
	return c.block
}

// drop waits for the blocks being read, which nobody asked for.
func (a *ahead) drop() {
	for len(a.next) > 0 {
		a.spare = append(a.spare, a.first().room)
	}
}

// fill reads until the block is full or the file ends, which also shows in a number of bytes that is not aligned.
func (a *ahead) fill(b *block) {
	for b.n < len(b.room) && b.n%direct.Alignment == 0 {
		n, err := a.pread(b.room[b.n:], b.at+int64(b.n))
		if b.n += n; err != nil || n == 0 {
			b.err = err
			return
		}
	}
}

// pread reads once. Some file systems only say when they are read that the cache cannot be passed by; then it no longer
// is.
func (a *ahead) pread(p []byte, offset int64) (int, error) {
	n, err := pread(a.fd, p, offset)
	if err == unix.EINVAL && direct.Set(a.fd, false) == nil {
		return pread(a.fd, p, offset)
	}
	return n, err
}

// close waits for what is being read.
func (a *ahead) close() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.drop()
	var errs []error
	for _, room := range a.maps {
		errs = append(errs, unix.Munmap(room))
	}
	a.maps, a.now, a.spare = nil, block{}, nil
	return errors.Join(errs...)
}
