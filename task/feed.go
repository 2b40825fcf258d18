package task

import (
	"context"
	"slices"
	"sync"
)

// feed is the changes of state that observers learn, in their order. To add one costs the same whether nobody watches or
// a thousand do: a goroutine of the feed's own wakes them.
type feed struct {
	poke chan struct{} // has room for one: something was added

	mu      sync.Mutex
	readers int      // observers; without any nothing is kept
	recent  []change // the last ones
	end     uint64   // number of the next one; recent ends before it
	wake    chan struct{}
	awake   <-chan struct{} // closed: for those who need not wait
	over    bool
}

// change is a new record of a task, and how many changes of it there were before.
type change struct {
	Record
	version int
}

// feedSize is how many changes are kept at least, and half of how many at most, for observers who are slow.
const feedSize = 4096

func newFeed() *feed {
	awake := make(chan struct{})
	close(awake)
	return &feed{poke: make(chan struct{}, 1), wake: make(chan struct{}), awake: awake}
}

func (f *feed) add(c change) {
	c.Payload = nil // it may be large, and no observer asked for it
	f.mu.Lock()
	if len(f.recent) >= 2*feedSize {
		f.recent = append(make([]change, 0, 2*feedSize), f.recent[feedSize:]...)
	}
	f.end++
	if f.readers > 0 {
		f.recent = append(f.recent, c)
	}
	f.mu.Unlock()
	select {
	case f.poke <- struct{}{}:
	default:
	}
}

// join makes the caller an observer, until leave, and returns the number of the change that will be next.
func (f *feed) join() (next uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.readers++
	return f.end
}

func (f *feed) leave() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.readers--; f.readers == 0 {
		f.recent = nil
	}
}

// atOnce is how many changes an observer gets at a time. A thousand slow ones would otherwise hold a copy of all that is
// kept, each of them, and make it while the runner waits to add another.
const atOnce = 64

// from returns some of the changes from number n on and the number after them, and what is closed when there are more;
// ok is false if some of them are forgotten.
func (f *feed) from(n uint64) (changes []change, next uint64, wake <-chan struct{}, over, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.end-n > uint64(len(f.recent)) {
		return nil, f.end, f.wake, f.over, false
	}
	left := f.recent[len(f.recent)-int(f.end-n):]
	if len(left) > atOnce {
		return slices.Clone(left[:atOnce]), n + atOnce, f.awake, false, true
	}
	return slices.Clone(left), f.end, f.wake, f.over, true
}

// wakeAll wakes those who wait for changes, until ctx is done.
func (f *feed) wakeAll(ctx context.Context) {
	for {
		select {
		case <-f.poke:
			f.wakeOnce(false)
		case <-ctx.Done():
			f.wakeOnce(true)
			return
		}
	}
}

func (f *feed) wakeOnce(last bool) {
	f.mu.Lock()
	old := f.wake
	f.wake, f.over = make(chan struct{}), last
	f.mu.Unlock()
	close(old)
}
