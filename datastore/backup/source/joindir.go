package source

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"slices"
	"strings"
	"sync"

	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// part is one of the joined sources, opened.
type part struct {
	source Source
	entry  tree.Entry
	paths  []string

	mu    sync.Mutex
	spare *Root // not given to anybody yet; a source may open but once
}

func (p *part) name() string { return p.entry.Name }

// String says where the part comes from.
func (p *part) String() string {
	if len(p.paths) == 0 {
		return fmt.Sprintf("the source %q", p.name())
	}
	return strings.Join(p.paths, ", ")
}

// take returns the spare root or nil.
func (p *part) take() *Root {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.spare
	p.spare = nil
	return r
}

// open hands out the spare root, and when it is gone opens the source again.
func (p *part) open(ctx context.Context) (*Root, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if r := p.take(); r != nil {
		return r, nil
	}
	r, err := p.source.Open(ctx)
	if err != nil {
		return nil, err
	}
	if r.Entry.Type != p.entry.Type {
		return nil, errors.Join(ErrReplaced, r.close())
	}
	return r, nil
}

func (r *Root) close() error {
	if r.Dir != nil {
		return r.Dir.Close()
	}
	return r.File.Close()
}

// joinDir is the folder of the joined sources.
type joinDir struct{ parts []*part } // sorted by name

func (d *joinDir) Entries(ctx context.Context) iter.Seq2[tree.Entry, error] {
	return func(yield func(tree.Entry, error) bool) {
		for _, p := range d.parts {
			if err := ctx.Err(); err != nil {
				yield(tree.Entry{}, err)
				return
			}
			e := p.entry
			e.Xattrs = nil // are for Detail
			if !yield(e, nil) {
				return
			}
		}
	}
}

func (d *joinDir) Detail(_ context.Context, e *tree.Entry) error {
	p, err := d.find(e.Name, e.Type)
	if err != nil {
		return err
	}
	e.Xattrs = p.entry.Xattrs
	return nil
}

func (d *joinDir) OpenDir(ctx context.Context, name string) (Dir, error) {
	p, err := d.find(name, tree.Dir)
	if err != nil {
		return nil, err
	}
	r, err := p.open(ctx)
	if err != nil {
		return nil, err
	}
	return r.Dir, nil
}

func (d *joinDir) OpenFile(ctx context.Context, name string) (File, error) {
	p, err := d.find(name, tree.File)
	if err != nil {
		return nil, err
	}
	r, err := p.open(ctx)
	if err != nil {
		return nil, err
	}
	return r.File, nil
}

// find returns the part of a name, which has to be of type t.
func (d *joinDir) find(name string, t tree.Type) (*part, error) {
	i, ok := slices.BinarySearchFunc(d.parts, name, func(p *part, n string) int { return cmp.Compare(p.name(), n) })
	if !ok {
		return nil, pathError("open", name, fs.ErrNotExist)
	}
	if d.parts[i].entry.Type != t {
		return nil, pathError("open", name, ErrReplaced)
	}
	return d.parts[i], nil
}

// Close closes what nobody has opened; the rest belongs to whoever did.
func (d *joinDir) Close() error {
	var problems []error
	for _, p := range d.parts {
		if r := p.take(); r != nil {
			problems = append(problems, r.close())
		}
	}
	return errors.Join(problems...)
}
