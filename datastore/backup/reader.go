package backup

import (
	"context"
	"fmt"
	"slices"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// job is work for a reader: a batch, or a file that is not small.
type job struct {
	batch *batch
	big   func()
}

// reader is a goroutine that reads files. Batches that are waiting are read together and their chunks put in one call,
// whatever folders they are of: many chunks at once are named in a fraction of the time.
type reader struct {
	*run
	buf     []byte
	batches []*batch // in buf
	pieces  []piece
	chunks  [][]byte
	ids     []chunk.ID
}

// piece is what of the reader's buffer belongs to a file.
type piece struct {
	item        *item
	first, last int // of reader.chunks
}

// enoughChunks are named together as fast as any larger number.
const enoughChunks = 64

// work does jobs until there are no more.
func (rd *reader) work(ctx context.Context) {
	for j := range rd.jobs {
		for j != nil {
			j = rd.do(ctx, j)
		}
	}
}

// do does a job and, with a batch, others that are waiting. One that does not fit is left to be done.
func (rd *reader) do(ctx context.Context, j *job) (left *job) {
	if j.batch == nil {
		j.big()
		return nil
	}
	rd.reset(j.batch)
	rd.read(ctx, j.batch)
	for left == nil && len(rd.chunks) < enoughChunks {
		next := rd.waiting()
		if next == nil {
			break
		}
		if next.batch != nil && len(rd.buf)+next.batch.room() <= cap(rd.buf) {
			rd.read(ctx, next.batch)
		} else {
			left = next
		}
	}
	rd.put(ctx)
	return left
}

// waiting takes a job over if there is one at this moment.
func (rd *reader) waiting() *job {
	select {
	case j := <-rd.jobs: // nil: there will be no more
		return j
	default:
		return nil
	}
}

func (rd *reader) reset(b *batch) {
	if cap(rd.buf) < b.room() {
		rd.buf = make([]byte, 0, max(b.room(), batchBytes+batchBytes/2))
	}
	rd.buf, rd.batches, rd.pieces, rd.chunks = rd.buf[:0], rd.batches[:0], rd.pieces[:0], rd.chunks[:0]
}

// read reads the files of a batch into the buffer, where there is room for them.
func (rd *reader) read(ctx context.Context, b *batch) {
	rd.batches = append(rd.batches, b)
	for _, it := range b.items {
		first := len(rd.chunks)
		if ctx.Err() != nil {
			it.err = context.Cause(ctx)
		} else if err := rd.readSmall(ctx, b.folder, it); err != nil {
			it.skip = true
			b.folder.warn(b.folder.join(it.entry.Name), err)
		}
		rd.pieces = append(rd.pieces, piece{it, first, len(rd.chunks)})
	}
}

// put puts all that was read in one call.
func (rd *reader) put(ctx context.Context) {
	rd.ids = slices.Grow(rd.ids[:0], len(rd.chunks))[:len(rd.chunks)]
	err := rd.w.Put(ctx, rd.chunks, rd.ids)
	for _, p := range rd.pieces {
		if err != nil {
			p.item.err = err
		}
		for i := p.first; i < p.last; i++ {
			p.item.entry.Extents = append(p.item.entry.Extents, tree.Extent{ID: rd.ids[i], Length: int64(len(rd.chunks[i]))})
		}
	}
	for _, b := range rd.batches {
		close(b.done)
	}
	clear(rd.batches)
	clear(rd.pieces)
}

// readSmall reads one file into the buffer and cuts it. An error means that nothing of it is there.
func (rd *reader) readSmall(ctx context.Context, f *folder, it *item) error {
	path := f.join(it.entry.Name)
	file, err := f.dir.OpenFile(ctx, it.entry.Name)
	if err != nil {
		return err
	}
	defer file.Close()
	room := rd.buf[len(rd.buf) : len(rd.buf)+int(it.entry.Size)+1]
	n, err := readUpTo(file, room)
	if err != nil {
		return fmt.Errorf("read: %w", err)
	}
	if err := f.dir.Detail(ctx, &it.entry); err != nil {
		f.warn(path, err)
	}
	f.checkChange(file, &it.entry, int64(n), path)
	n = min(n, int(it.entry.Size)) // what has grown is saved as it was listed
	it.entry.Size = int64(n)
	rd.cut(room[:n])
	rd.buf = rd.buf[:len(rd.buf)+n]
	f.o.Progress.files.Add(1)
	f.o.Progress.bytes.Add(int64(n))
	f.o.Progress.bytesRead.Add(int64(n))
	return nil
}

func (rd *reader) cut(data []byte) {
	for len(data) > 0 {
		n := rd.content.Cut(data)
		rd.chunks = append(rd.chunks, data[:n:n])
		data = data[n:]
	}
}
