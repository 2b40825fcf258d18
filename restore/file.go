package restore

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync/atomic"

	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// file is a file being restored. One with a single chunk is made when the chunk is there; others are made by the walk
// and stay open until their last piece is.
type file struct {
	run     *run
	in      *folder
	entry   tree.Entry
	pending atomic.Int64 // pieces that are not there yet, and one while the walk is in the file

	f    *os.File // nil until it is made
	made string   // the name it has until it is whole
	done bool     // whole, or abandoned
}

func (r *run) newFile(at *folder, e *tree.Entry) *file {
	at.hold()
	return &file{run: r, in: at, entry: *e}
}

// file restores a file's content, metadata and name, once its pieces are there.
func (r *run) file(ctx context.Context, at *folder, e *tree.Entry) error {
	f := r.newFile(at, e)
	if single(e) {
		return r.want(ctx, f, tree.Placed{Extent: e.Extents[0]})
	}
	f.pending.Add(1)
	r.current = f
	if err := r.large(ctx, f); err != nil {
		return err
	}
	if err := f.arrived(); err != nil {
		return err
	}
	r.current = nil
	return nil
}

// single says whether the file is just one chunk.
func single(e *tree.Entry) bool {
	return e.Tree.IsZero() && len(e.Extents) == 1 && !e.Extents[0].Hole()
}

// large makes a file and asks for its pieces.
func (r *run) large(ctx context.Context, f *file) error {
	if err := f.create(); err != nil {
		return err
	}
	if err := f.f.Truncate(f.entry.Size); err != nil {
		return err
	}
	space, counted := preallocation{f: f.f}, false
	for x, err := range extents(ctx, r.reader, f.path(), &f.entry, 0, r.onDamage) {
		if err != nil {
			return err
		}
		if !r.o.ZerosAreHoles {
			if err := space.next(x); err != nil {
				return err
			}
		}
		if x.Hole() {
			continue
		}
		if !counted {
			r.window.large++
			counted = true
		}
		if err := r.want(ctx, f, x); err != nil {
			return err
		}
	}
	return space.take()
}

func (f *file) path() string { return f.in.pathOf(f.entry.Name) }

func (f *file) create() (err error) {
	f.made, err = f.in.make(f.entry.Name, func(name string) (err error) {
		f.f, err = f.in.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		return err
	})
	return err
}

// receive puts a piece, or says why it cannot be had. A piece that is damaged stays a hole.
func (f *file) receive(x tree.Placed, data []byte, err error) error {
	if err == nil && int64(len(data)) != x.Length {
		err = wrongLength(x.Extent, len(data))
	}
	if d, damaged := damageOf(err); damaged {
		d.Path, d.Offset, d.Length = f.path(), x.Offset, x.Length
		data, err = nil, f.run.onDamage(d, err)
	}
	if err == nil {
		err = f.put(x.Offset, data)
	}
	if err != nil {
		return f.in.fail(f.path(), err)
	}
	return f.arrived()
}

func (f *file) put(offset int64, data []byte) error {
	if single(&f.entry) {
		if err := f.create(); err != nil {
			return err
		}
		if data == nil || f.run.o.ZerosAreHoles {
			if err := f.f.Truncate(f.entry.Size); err != nil {
				return err
			}
		}
	}
	n, err := f.write(data, offset)
	f.run.progress.bytes.Add(int64(n))
	f.run.writeback.wrote(n)
	return err
}

func (f *file) write(data []byte, offset int64) (int, error) {
	if f.run.o.ZerosAreHoles {
		return writeSparse(f.f, data, offset)
	}
	return f.f.WriteAt(data, offset)
}

// arrived counts a piece as there, and finishes the file with the last one.
func (f *file) arrived() error {
	if f.pending.Add(-1) > 0 {
		return nil
	}
	err := f.finish()
	if err != nil {
		err = f.in.fail(f.path(), err)
	}
	if f.done {
		err = errors.Join(err, f.in.release())
	}
	return err
}

// finish gives the file, whose content is there, its metadata and its name.
func (f *file) finish() error {
	f.run.applyTo(f.f, object{in: f.in, name: f.made, path: f.path(), entry: &f.entry})
	if err := f.run.syncNow(f.f); err != nil {
		return err
	}
	if err := f.f.Close(); err != nil {
		return err
	}
	if err := f.in.replace(f.made, f.entry.Name); err != nil {
		return err
	}
	f.done = true
	f.run.progress.files.Add(1)
	return f.run.links.whole(f.run, f.in, &f.entry)
}

// abandon removes the file unless it is whole. No other method may be running.
func (f *file) abandon() error {
	if f == nil || f.done {
		return nil
	}
	f.done = true
	defer f.in.release()
	if f.f == nil {
		return nil
	}
	f.f.Close() // fails where closing is what failed before
	if err := f.in.root.Remove(f.made); err != nil {
		return f.in.fail(f.path(), fmt.Errorf("remove what is not whole: %w", err))
	}
	return nil
}
