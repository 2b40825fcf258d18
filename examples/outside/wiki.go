package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"path"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backup/source"
	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// wikiSource is a wiki as something that can be saved: a source.Source.
type wikiSource struct{ pages fs.FS }

// Open implements source.Source.
func (s wikiSource) Open(context.Context) (*source.Root, error) {
	e := tree.Entry{Name: "wiki", Type: tree.Dir, Mode: 0o755}
	return &source.Root{Entry: e, Kind: datastore.Dataset, Dir: chapter{s.pages, "."}, Paths: []string{"wiki"}}, nil
}

// chapter is a folder of the wiki: a source.Dir.
type chapter struct {
	pages fs.FS
	path  string
}

// Entries implements source.Dir; fs.ReadDir sorts by name.
func (c chapter) Entries(ctx context.Context) iter.Seq2[tree.Entry, error] {
	return func(yield func(tree.Entry, error) bool) {
		list, err := fs.ReadDir(c.pages, c.path)
		for _, item := range list {
			if ctx.Err() != nil {
				break
			}
			e, err := describe(item.Info())
			if err != nil {
				err = &source.EntryError{Name: item.Name(), Err: err}
			}
			if !yield(e, err) {
				return
			}
		}
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		if err != nil {
			yield(tree.Entry{}, err)
		}
	}
}

// describe turns what an fs.FS knows of a page or chapter into an entry. Where the wiki knows no time, the entry has
// none either, and is read again each time.
func describe(info fs.FileInfo, err error) (tree.Entry, error) {
	if err != nil {
		return tree.Entry{}, err
	}
	e := tree.Entry{Name: info.Name(), Mode: uint32(info.Mode().Perm()), ModTime: tree.TimeOf(info.ModTime())}
	switch {
	case info.IsDir():
		e.Type = tree.Dir
	case info.Mode().IsRegular():
		e.Type, e.Size = tree.File, info.Size()
	default:
		return e, fmt.Errorf("a wiki has no %s", info.Mode())
	}
	return e, nil
}

// Detail implements source.Dir: Entries has told all there is to know.
func (c chapter) Detail(context.Context, *tree.Entry) error { return nil }

// OpenDir implements source.Dir.
func (c chapter) OpenDir(_ context.Context, name string) (source.Dir, error) {
	below := chapter{c.pages, path.Join(c.path, name)}
	info, err := fs.Stat(c.pages, below.path)
	if err == nil && !info.IsDir() {
		err = source.ErrReplaced
	}
	return below, err
}

// OpenFile implements source.Dir.
func (c chapter) OpenFile(_ context.Context, name string) (source.File, error) {
	f, err := c.pages.Open(path.Join(c.path, name))
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, errors.Join(source.ErrReplaced, err, f.Close())
	}
	return page{f}, nil
}

// Close implements source.Dir: there is nothing open.
func (c chapter) Close() error { return nil }

// page is an open page: a source.File.
type page struct{ fs.File }

// Stat implements source.File: what Entries would say of the page now.
func (p page) Stat() (tree.Entry, error) { return describe(p.File.Stat()) }
