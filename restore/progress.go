package restore

import "sync/atomic"

// Progress counts what is restored. Its zero value is ready; it is safe for concurrent use.
type Progress struct {
	files, dirs, others, bytes atomic.Int64
}

// Counters are the figures of a restore, finished or under way.
type Counters struct {
	Files  int64 // restored, hard links included
	Dirs   int64 // restored, the destination included
	Others int64 // symlinks, FIFOs, sockets and devices
	Bytes  int64 // written; holes are not
}

// Counters returns what has been restored so far.
func (p *Progress) Counters() Counters {
	return Counters{Files: p.files.Load(), Dirs: p.dirs.Load(), Others: p.others.Load(), Bytes: p.bytes.Load()}
}
