package source

import (
	"errors"
	"io"
	"sync"

	"golang.org/x/sys/unix"
)

// ahead reads an image in large blocks, past the page cache, and each block while the one before it is being used. An
// image is read once: what the cache keeps of it only drives out what other programs need, and filling it costs as much
// as a quarter of a first backup's CPU time. It is safe for concurrent use, and quick for one reader that goes forward.
type ahead struct {
	fd   int
	size int64

	mu    sync.Mutex
	now   block
	other []byte     // the room that is not now's
	then  chan block // receives the block that is being read into other; nil: none is
	maps  [][]byte
}

// block is what lies in the file at a place. err says why it is shorter than it should be.
type block struct {
	room []byte // of aheadBytes
	at   int64
	n    int // bytes read
	err  error
}

const (
	aheadBytes = 2 << 20 // of a block
	alignment  = 4 << 10 // bytes: a multiple of what disks ask of reads past the cache
)

// readAhead makes fd, which it does not own, read past the cache. It returns nil where that cannot be done, and then fd is
// as it was.
func readAhead(fd int, size int64) pastCache {
	a := &ahead{fd: fd, size: size}
	if a.allocate() != nil || a.direct(true) != nil {
		_ = a.close()
		return nil
	}
	return a
}

// allocate maps the rooms: reads past the cache want memory that is aligned as pages are.
func (a *ahead) allocate() error {
	for range 2 {
		room, err := unix.Mmap(-1, 0, aheadBytes, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
		if err != nil {
			return err
		}
		a.maps = append(a.maps, room)
	}
	a.now.room, a.other = a.maps[0], a.maps[1]
	return nil
}

// direct switches reading past the cache on or off.
func (a *ahead) direct(on bool) error {
	flags, err := unix.FcntlInt(uintptr(a.fd), unix.F_GETFL, 0)
	if err != nil {
		return err
	}
	if on {
		flags |= unix.O_DIRECT
	} else {
		flags &^= unix.O_DIRECT
	}
	_, err = unix.FcntlInt(uintptr(a.fd), unix.F_SETFL, flags)
	return err
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
		a.turn(offset / alignment * alignment)
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

// turn makes the block at a place the present one, and begins to read the one behind it.
func (a *ahead) turn(at int64) {
	next, ok := a.wait()
	if !ok || next.at != at {
		next = block{room: a.other, at: at}
		a.fill(&next)
	}
	a.now, a.other = next, a.now.room
	if after := at + aheadBytes; next.n == aheadBytes && after < a.size {
		a.begin(after)
	}
}

func (a *ahead) begin(at int64) {
	then, b := make(chan block, 1), block{room: a.other, at: at}
	a.then = then
	go func() {
		a.fill(&b)
		then <- b
	}()
}

// wait returns the block that is being read, when it is there.
func (a *ahead) wait() (b block, ok bool) {
	if a.then == nil {
		return block{}, false
	}
	b, a.then = <-a.then, nil
	return b, true
}

// fill reads until the block is full or the file ends, which also shows in a number of bytes that is not aligned.
func (a *ahead) fill(b *block) {
	for b.n < len(b.room) && b.n%alignment == 0 {
		n, err := a.pread(b.room[b.n:], b.at+int64(b.n))
		if b.n += n; err != nil || n == 0 {
			b.err = err
			return
		}
	}
}

// pread reads once. Some file systems only say when they are read that the cache cannot be passed by; then it no longer
// is.
func (a *ahead) pread(p []byte, offset int64) (n int, err error) {
	err = retry(func() error {
		n, err = unix.Pread(a.fd, p, offset)
		return err
	})
	if err == unix.EINVAL && a.direct(false) == nil {
		err = retry(func() error {
			n, err = unix.Pread(a.fd, p, offset)
			return err
		})
	}
	return max(n, 0), err
}

// close waits for what is being read.
func (a *ahead) close() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.wait()
	var errs []error
	for _, room := range a.maps {
		errs = append(errs, unix.Munmap(room))
	}
	a.maps, a.now, a.other = nil, block{}, nil
	return errors.Join(errs...)
}
