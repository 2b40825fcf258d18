package backup

// batch is small files of one folder that are read one after the other.
type batch struct {
	folder *folder
	items  []*item
	bytes  int64
	done   chan struct{} // closed when all items are ready
}

// A batch is full with so many bytes, or files.
const (
	batchBytes = 512 << 10
	batchFiles = 64
)

// add says whether the batch is full.
func (b *batch) add(it *item) (full bool) {
	it.done = b.done
	b.items = append(b.items, it)
	b.bytes += it.entry.Size
	return b.bytes >= batchBytes || len(b.items) == batchFiles
}

// room is how much of a reader's buffer the batch takes: every file's bytes, and one more each to notice growth.
func (b *batch) room() int { return int(b.bytes) + len(b.items) }

// sendBatch gives the batch being collected, if there is one, to a reader.
func (f *folder) sendBatch() {
	if f.batch != nil {
		f.jobs <- &job{batch: f.batch}
		f.batch = nil
	}
}
