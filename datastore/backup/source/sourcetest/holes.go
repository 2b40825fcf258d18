package sourcetest

import (
	"bytes"
	"io"

	"github.com/heirloom-backup/heirloom/datastore/backup/source"
)

// holes checks that the ranges a file says it has data in hold all of its bytes that are not zero.
func (r run) holes(path string, f source.Sparse, data []byte) {
	rebuilt := make([]byte, len(data))
	for at := int64(0); ; {
		start, end, err := f.NextData(at)
		if err == io.EOF {
			break
		}
		if err != nil {
			r.Errorf("%q: NextData(%d): %v", path, at, err)
			return
		}
		if start < at || end <= start || end > int64(len(data)) {
			r.Errorf("%q: NextData(%d) = %d to %d: not a range after it in %d bytes", path, at, start, end, len(data))
			return
		}
		if n, err := f.ReadAt(rebuilt[start:end], start); n < int(end-start) {
			r.Errorf("%q: ReadAt(%d): %v", path, start, err)
			return
		}
		at = end
	}
	if !bytes.Equal(rebuilt, data) {
		r.Errorf("%q: there are bytes that are not zero outside of the ranges NextData gives", path)
	}
}
