package backendtest

import (
	"context"
	"io"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

// CutRead makes the reader of the nth matching get fail with err after count bytes: the connection broke. Here a nil
// err means that the reader ends there as if the object did.
func (f *Faulty) CutRead(prefix string, nth int, count int64, err error) {
	f.add(Get, prefix, nth, func(b backend.Backend) backend.Backend { return cutRead{b, count, err} })
}

type cutRead struct {
	backend.Backend
	count int64
	err   error
}

func (b cutRead) Get(ctx context.Context, name string, offset, length int64) (io.ReadCloser, error) {
	r, err := b.Backend.Get(ctx, name, offset, length)
	if err != nil {
		return nil, err
	}
	return &cutReader{r, b.count, b.err}, nil
}

// cutReader ends after left bytes, with err or with the end of the object.
type cutReader struct {
	io.ReadCloser
	left int64
	err  error
}

func (r *cutReader) Read(p []byte) (int, error) {
	if r.left == 0 {
		if r.err == nil {
			return 0, io.EOF
		}
		return 0, r.err
	}
	n, err := r.ReadCloser.Read(p[:min(r.left, int64(len(p)))])
	r.left -= int64(n)
	return n, err
}
