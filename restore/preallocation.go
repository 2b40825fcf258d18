package restore

import (
	"os"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// Runs of data at least minRun long are preallocated, so that they lie in one piece although they are written out of
// order; longer ones than maxRun in several steps, so that the walk through a huge file is not held up.
const (
	minRun = 4 << 20
	maxRun = 1 << 30
)

// preallocation makes room for a file's data, and none for its holes.
type preallocation struct {
	f             *os.File
	start, length int64 // the run of data so far
}

// next adds an extent, in order.
func (p *preallocation) next(x tree.Placed) error {
	if x.Hole() || x.Length > chunk.MaxSize || p.length >= maxRun {
		if err := p.take(); err != nil {
			return err
		}
	}
	if x.Hole() || x.Length > chunk.MaxSize {
		return nil
	}
	if p.length == 0 {
		p.start = x.Offset
	}
	p.length += x.Length
	return nil
}

// take makes room for the run and begins a new one.
func (p *preallocation) take() error {
	length := p.length
	p.length = 0
	if length < minRun {
		return nil
	}
	return allocate(p.f, p.start, length)
}
