package diskstore

import (
	"sync"
	"time"

	"github.com/heirloom-backup/heirloom/task"
)

// cache holds journals as they were read, so that a list of many tasks reads only those that have changed. It is bounded:
// what does not fit is read again.
type cache struct {
	mu       sync.Mutex
	journals map[task.Position]cached
	bytes    int64
}

// maxCache bounds the journals that a cache holds, by the sizes of their files, in bytes. In memory they take up about
// twice as much.
const maxCache = 32 << 20

// cached is the last state of a journal, and what its file looked like.
type cached struct {
	state
	size    int64
	changed time.Time
}

func (c *cache) get(at task.Position) (cached, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	j, ok := c.journals[at]
	return j, ok
}

// put takes in a journal, and forgets any others to make room for it.
func (c *cache) put(at task.Position, j cached) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.forgetLocked(at)
	if j.size > maxCache {
		return
	}
	for other := range c.journals {
		if c.bytes+j.size <= maxCache {
			break
		}
		c.forgetLocked(other)
	}
	if c.journals == nil {
		c.journals = map[task.Position]cached{}
	}
	c.journals[at] = j
	c.bytes += j.size
}

func (c *cache) forgetLocked(at task.Position) {
	if j, ok := c.journals[at]; ok {
		c.bytes -= j.size
		delete(c.journals, at)
	}
}

// keep forgets all others, when they have become many.
func (c *cache) keep(found []task.Position) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.journals) <= len(found)+1000 {
		return
	}
	kept := make(map[task.Position]bool, len(found))
	for _, at := range found {
		kept[at] = true
	}
	for at := range c.journals {
		if !kept[at] {
			c.forgetLocked(at)
		}
	}
}
