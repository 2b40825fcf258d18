package backend

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
)

// Errors of ReadAll and ReadFull, wrapped with the object and the sizes.
var (
	ErrTooLarge = errors.New("object is larger than allowed")
	ErrShort    = errors.New("object ends too early")
)

// ReadAll returns the whole object. An object of more than limit bytes fails with ErrTooLarge, before more than limit
// bytes of it are kept: memory stays bounded whatever the storage holds.
func ReadAll(ctx context.Context, b Backend, name string, limit int64) ([]byte, error) {
	ask := limit
	if ask < math.MaxInt64 {
		ask++ // one byte more than allowed shows that there is more
	}
	r, err := b.Get(ctx, name, 0, ask)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, ask))
	if err != nil {
		return nil, fmt.Errorf("read %s after %d bytes: %w", name, len(data), err)
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("read %s: %w: more than %d bytes", name, ErrTooLarge, limit)
	}
	return data, nil
}

// ReadFull fills p with the bytes of the object from offset. If the object ends before p is full it fails with
// ErrShort and says how many bytes came; the content of p is then of no use.
func ReadFull(ctx context.Context, b Backend, name string, offset int64, p []byte) error {
	r, err := b.Get(ctx, name, offset, int64(len(p)))
	if err != nil {
		return err
	}
	defer r.Close()
	n, err := fill(r, p)
	switch {
	case n == len(p):
		return nil
	case errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("read %s: %w: %d of %d bytes at offset %d", name, ErrShort, n, len(p), offset)
	}
	return fmt.Errorf("read %s: %d of %d bytes at offset %d: %w", name, n, len(p), offset, err)
}

// fill is io.ReadFull without its io.ErrUnexpectedEOF, which cannot be told from that of a connection that broke: only
// where the reader itself says io.EOF does the object end.
func fill(r io.Reader, p []byte) (n int, err error) {
	for n < len(p) && err == nil {
		var m int
		m, err = r.Read(p[n:])
		n += m
	}
	return n, err
}

// Names returns the names of all objects below prefix, in no particular order. It is complete or an error: a listing
// that failed halfway returns no names at all.
func Names(ctx context.Context, b Backend, prefix string) ([]string, error) {
	var names []string
	for info, err := range b.List(ctx, prefix) {
		if err != nil {
			return nil, err
		}
		names = append(names, info.Name)
	}
	return names, nil
}
