package backendtest_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"math"
	"strings"
	"sync"
	"testing"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
)

// shelf is a backend: objects in a map.
type shelf struct{ objects sync.Map }

func (s *shelf) Put(ctx context.Context, name string, data []byte) error {
	if err := errors.Join(ctx.Err(), backend.CheckName(name)); err != nil {
		return err
	}
	if _, taken := s.objects.LoadOrStore(name, bytes.Clone(data)); taken {
		return backend.ErrExist
	}
	return nil
}

func (s *shelf) Get(ctx context.Context, name string, offset, length int64) (io.ReadCloser, error) {
	if err := errors.Join(ctx.Err(), backend.CheckName(name)); err != nil {
		return nil, err
	}
	data, ok := s.objects.Load(name)
	switch {
	case !ok:
		return nil, backend.ErrNotFound
	case offset < 0:
		return nil, errors.New("offset is negative")
	case length < 0:
		length = math.MaxInt64
	}
	return io.NopCloser(io.NewSectionReader(bytes.NewReader(data.([]byte)), offset, length)), nil
}

func (s *shelf) List(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
	return func(yield func(backend.Info, error) bool) {
		left := false
		s.objects.Range(func(name, data any) bool {
			if strings.HasPrefix(name.(string), prefix) && ctx.Err() == nil {
				left = !yield(backend.Info{Name: name.(string), Size: int64(len(data.([]byte)))}, nil)
			}
			return !left && ctx.Err() == nil
		})
		if err := errors.Join(ctx.Err(), backend.CheckPrefix(prefix)); err != nil && !left {
			yield(backend.Info{}, err)
		}
	}
}

func (s *shelf) Delete(ctx context.Context, name string) error {
	if err := errors.Join(ctx.Err(), backend.CheckName(name)); err != nil {
		return err
	}
	s.objects.Delete(name)
	return nil
}

// A whole backend, and the test that it keeps the contract.
func Example_backend() {
	_ = func(t *testing.T) { // TestShelf, in a file of tests
		backendtest.Run(t, func(*testing.T) backend.Backend { return &shelf{} })
	}
}
