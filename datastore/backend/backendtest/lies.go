package backendtest

import (
	"context"
	"io"
	"iter"
	"strings"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

// torn stores the beginning of an object only.
type torn struct {
	backend.Backend
	keep int
	err  error
}

func (b torn) Put(ctx context.Context, name string, data []byte) error {
	if err := b.Backend.Put(ctx, name, data[:min(b.keep, len(data))]); err != nil {
		return err
	}
	return b.err
}

// cut ends a listing early.
type cut struct {
	backend.Backend
	count int
	err   error
}

func (b cut) List(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
	return func(yield func(backend.Info, error) bool) {
		left := b.count
		for info, err := range b.Backend.List(ctx, prefix) {
			if err == nil && left == 0 {
				break
			}
			left--
			if !yield(info, err) || err != nil {
				return
			}
		}
		if b.err != nil {
			yield(backend.Info{}, b.err)
		}
	}
}

// frozen shows what lay below prefix then.
type frozen struct {
	backend.Backend
	prefix string
	then   []backend.Info
}

func (b frozen) List(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
	return func(yield func(backend.Info, error) bool) {
		for info, err := range b.Backend.List(ctx, prefix) {
			if err == nil && strings.HasPrefix(info.Name, b.prefix) {
				continue
			}
			if !yield(info, err) || err != nil {
				return
			}
		}
		for _, info := range b.then {
			if strings.HasPrefix(info.Name, prefix) && !yield(info, nil) {
				return
			}
		}
	}
}

// corrupt inverts the byte at offset of what it reads.
type corrupt struct {
	backend.Backend
	offset int64
}

func (b corrupt) Get(ctx context.Context, name string, offset, length int64) (io.ReadCloser, error) {
	r, err := b.Backend.Get(ctx, name, offset, length)
	if err != nil {
		return nil, err
	}
	return &corruptReader{r, b.offset - offset}, nil
}

type corruptReader struct {
	io.ReadCloser
	distance int64 // from the next byte read to the one to invert
}

func (r *corruptReader) Read(p []byte) (int, error) {
	n, err := r.ReadCloser.Read(p)
	if 0 <= r.distance && r.distance < int64(n) {
		p[r.distance] ^= 0xff
	}
	r.distance -= int64(n)
	return n, err
}
