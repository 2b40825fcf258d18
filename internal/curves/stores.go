package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
	"github.com/heirloom-backup/heirloom/datastore/backup"
	"github.com/heirloom-backup/heirloom/datastore/backup/source"
)

// stores writes the curve of a store's frame size.
func stores(ctx context.Context, out io.Writer, s *sample) error {
	t := newMarkdown(out, s.headings("frames up to")...)
	for _, size := range []int{64 * kib, 256 * kib, 512 * kib, 1 * mib, 2 * mib, 4 * mib} {
		saved, err := s.save(ctx, datastore.DefaultSplitters(), datastore.Options{FrameSize: size})
		if err != nil {
			return err
		}
		t.row(append([]any{human(size)}, cells(saved)...)...)
	}
	return t.end()
}

// cuts writes the curve of ways to cut.
func cuts(ctx context.Context, out io.Writer, s *sample) error {
	t := newMarkdown(out, s.headings("cut")...)
	for _, p := range candidates(s.image) {
		splitters := datastore.DefaultSplitters()
		if s.image {
			splitters.Image = p
		} else {
			splitters.Content = p
		}
		saved, err := s.save(ctx, splitters, datastore.Options{})
		if err != nil {
			return err
		}
		name := fmt.Sprintf("%s %s", p.Algorithm, human(p.Average))
		t.row(append([]any{name}, cells(saved)...)...)
	}
	return t.end()
}

// candidates are ways to cut images, or files.
func candidates(image bool) (list []chunk.Params) {
	for _, average := range []int{32 * kib, 64 * kib, 128 * kib, 256 * kib, 512 * kib, 1 * mib} {
		list = append(list, chunk.Params{Algorithm: chunk.Gear, Min: average / 4, Average: average, Max: average * 4})
	}
	list = append(list, chunk.Params{Algorithm: chunk.Rabin, Min: 512 * kib, Average: 1 * mib, Max: 8 * mib})
	if image {
		for _, size := range []int{32 * kib, 64 * kib, 128 * kib, 256 * kib} {
			list = append(list, chunk.Params{Algorithm: chunk.Fixed, Min: size, Average: size, Max: size})
		}
	}
	return list
}

// saving is what it took to save one state.
type saving struct {
	chunks int64
	fresh  int64 // bytes of chunks the store did not have
	grown  int64 // bytes: by how much the store grew, all that is in it
	cpu    time.Duration
	wall   time.Duration
}

// save saves the states one after the other in a store of their own. All is read each time: in a sample everything looks
// new.
func (s *sample) save(ctx context.Context, splitters datastore.Splitters, o datastore.Options) (list []saving, err error) {
	storage := mem.New()
	if err := datastore.Create(ctx, storage, datastore.CreateOptions{Splitters: splitters}); err != nil {
		return nil, err
	}
	store, err := datastore.Open(ctx, storage, o)
	if err != nil {
		return nil, err
	}
	defer store.Close()
	before := int64(0)
	for _, state := range s.states {
		one, err := s.saveState(ctx, store, state)
		if err != nil {
			return nil, err
		}
		usage, err := store.Usage(ctx)
		if err != nil {
			return nil, err
		}
		one.grown, before = usage.BytesUsed-before, usage.BytesUsed
		list = append(list, one)
	}
	return list, nil
}

func (s *sample) saveState(ctx context.Context, store *datastore.Store, path string) (saving, error) {
	src := source.Folder(path, source.FolderOptions{})
	if s.image {
		src = source.ImageFile(path)
	}
	start, cpu := time.Now(), cpuTime()
	res, err := backup.Run(ctx, store, src, backup.Options{Mode: datastore.Full})
	if err != nil {
		return saving{}, err
	}
	return saving{chunks: res.Stats.Chunks, fresh: res.Stats.BytesNew, cpu: cpuTime() - cpu, wall: time.Since(start)}, nil
}

// headings are those of a table with a row of cells for each store.
func (s *sample) headings(first string) []string {
	list := []string{first, "chunks", "unique MiB", "store MiB", "CPU s", "wall s"}
	for range s.states[1:] {
		list = append(list, "changed: new MiB", "growth MiB", "CPU s")
	}
	return list
}

func cells(saved []saving) []any {
	first := saved[0]
	row := []any{first.chunks, float64(first.fresh) / mib, float64(first.grown) / mib, first.cpu.Seconds(), first.wall.Seconds()}
	for _, later := range saved[1:] {
		row = append(row, float64(later.fresh)/mib, float64(later.grown)/mib, later.cpu.Seconds())
	}
	return row
}
