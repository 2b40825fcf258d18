package backend

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
)

// content is what the probe puts under a name.
func content(name string) []byte { return []byte("probe of the storage: " + name) }

// getAbsent asks for an object, and lists its folder, before any is put. A cache that keeps such answers shows later.
func (p *prober) getAbsent(ctx context.Context) (string, error) {
	flaw, err := p.listing(ctx, nil)
	if flaw != "" || err != nil {
		return flaw, err
	}
	return p.absent(ctx, p.names[0])
}

// absent asks for an object that must not exist.
func (p *prober) absent(ctx context.Context, name string) (string, error) {
	_, err := p.read(ctx, name, 0, -1)
	if err == nil {
		return fmt.Sprintf("%s is read, and should not be there", name), nil
	}
	return "", unlessAbsent(err)
}

// whole asks for an object that must hold want.
func (p *prober) whole(ctx context.Context, name string, want []byte) (string, error) {
	got, err := p.read(ctx, name, 0, -1)
	switch {
	case errors.Is(err, ErrNotFound):
		return fmt.Sprintf("%s was put, and is not found", name), nil
	case err == nil && !bytes.Equal(got, want):
		return fmt.Sprintf("%s holds %d bytes that are not the %d that were put", name, len(got), len(want)), nil
	}
	return "", err
}

// getRange reads parts from inside an object, over its end, and beyond.
func (p *prober) getRange(ctx context.Context) (string, error) {
	name := p.names[0]
	all := content(name)
	size := int64(len(all))
	for _, part := range []struct {
		offset, length int64
		want           []byte
	}{
		{0, 1, all[:1]}, {3, 5, all[3:8]}, {size - 2, -1, all[size-2:]}, {size - 2, 9, all[size-2:]}, {size + 1, 1, nil},
	} {
		got, err := p.read(ctx, name, part.offset, part.length)
		if unlessAbsent(err) != nil {
			return "", err
		}
		if err != nil || !bytes.Equal(got, part.want) {
			return fmt.Sprintf("%d bytes of %s from %d on are %q instead of %q", part.length, name, part.offset, got,
				part.want), nil
		}
	}
	return "", nil
}

// read reads a part of an object, and never more than a probe can have put.
func (p *prober) read(ctx context.Context, name string, offset, length int64) ([]byte, error) {
	r, err := p.b.Get(ctx, name, offset, length)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(io.LimitReader(r, 1<<10))
}

// unlessAbsent returns an error other than ErrNotFound, which is an answer.
func unlessAbsent(err error) error {
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}
