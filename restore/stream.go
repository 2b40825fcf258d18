package restore

import (
	"context"
	"fmt"
	"io"

	"golang.org/x/sync/errgroup"

	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// Write writes the content of a file, image or stream to w, in order, holes as zeros. It reads ahead while w is busy,
// and holds up to 32 MiB. Of the options only Salvage and Progress matter. path is for messages and Result.Damage.
// The result is never nil. What is no file is ErrNotFile; a range that cannot be had is, unless salvaging, a
// *DamageError, and w may have got what comes before it.
func Write(ctx context.Context, r Reader, path string, e *tree.Entry, w io.Writer, o Options) (*Result, error) {
	n := newRun(r, o)
	err := n.stream(ctx, path, e, zeroWriter{w})
	return n.report.finish(n.progress), err
}

// sink takes a file's content in order.
type sink interface {
	io.Writer
	hole(ctx context.Context, length int64) error
}

// stream copies the content of e to s: one goroutine reads a passage while the one before it is being written.
func (r *run) stream(ctx context.Context, path string, e *tree.Entry, s sink) error {
	if e.Type != tree.File {
		return fmt.Errorf("%q is a %s: %w", path, e.Type, ErrNotFile)
	}
	passages := make(chan *passage)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(passages)
		return r.passages(ctx, path, e, passages)
	})
	g.Go(func() error {
		for p := range passages {
			if err := p.write(ctx, s, r.progress); err != nil {
				return fmt.Errorf("write what %q holds: %w", path, err)
			}
		}
		return nil
	})
	if err := g.Wait(); err != nil {
		return err
	}
	r.progress.files.Add(1)
	return nil
}

// passages reads the content of e and sends it.
func (r *run) passages(ctx context.Context, path string, e *tree.Entry, to chan<- *passage) error {
	p := &passage{}
	for x, err := range extents(ctx, r.reader, path, e, 0, r.onDamage) {
		if err != nil {
			return err
		}
		if !p.add(x) {
			if err := r.send(ctx, path, p, to); err != nil {
				return err
			}
			p = &passage{}
			p.add(x)
		}
	}
	return r.send(ctx, path, p, to)
}

func (r *run) send(ctx context.Context, path string, p *passage, to chan<- *passage) error {
	if err := p.fill(ctx, r.reader, path, r.onDamage); err != nil {
		return err
	}
	select {
	case to <- p:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// zeroWriter writes holes as zeros.
type zeroWriter struct{ io.Writer }

func (w zeroWriter) hole(ctx context.Context, length int64) error {
	zeros := make([]byte, min(length, 64<<10))
	for length > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := w.Write(zeros[:min(length, int64(len(zeros)))])
		if err != nil {
			return err
		}
		length -= int64(n)
	}
	return nil
}
