package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/heirloom-backup/heirloom/chunk"
)

const (
	kib = 1 << 10
	mib = 1 << 20
)

// everyChunk, as a size of frames or as one from which chunks are alone, makes every chunk a frame of its own.
const everyChunk = 0

var levels = []struct {
	name  string
	level chunk.Level
}{{"Fastest", chunk.Fastest}, {"Balanced", chunk.Balanced}, {"Smaller", chunk.Smaller}}

// frames writes the curve of frame sizes and levels. Only chunks that fill a frame are alone.
func frames(_ context.Context, out io.Writer, s *sample) error {
	chunks, err := s.pieces()
	if err != nil {
		return err
	}
	t := newMarkdown(out, "level", "frame", "frames", "stored MiB", "stored", "compress CPU s", "MB/s", "decompress CPU s")
	for _, l := range levels {
		for _, size := range []int{everyChunk, 64 * kib, 256 * kib, 512 * kib, 1 * mib, 2 * mib, 4 * mib} {
			c, err := compress(group(chunks, size, size), l.level)
			if err != nil {
				return err
			}
			t.row(l.name, human(size), c.frames, c.mib(), c.share(), c.compressing.Seconds(), c.speed(), c.decompressing.Seconds())
		}
	}
	return t.end()
}

// alone writes the curve of the size from which a chunk is a frame of its own, with frames of 1 MiB at the default level.
func alone(_ context.Context, out io.Writer, s *sample) error {
	chunks, err := s.pieces()
	if err != nil {
		return err
	}
	t := newMarkdown(out, "alone from", "frames", "stored MiB", "stored", "compress CPU s", "decompress CPU s")
	for _, solo := range []int{everyChunk, 16 * kib, 64 * kib, 128 * kib, 256 * kib, 512 * kib, 1 * mib} {
		c, err := compress(group(chunks, 1*mib, solo), chunk.Fastest)
		if err != nil {
			return err
		}
		t.row(human(solo), c.frames, c.mib(), c.share(), c.compressing.Seconds(), c.decompressing.Seconds())
	}
	return t.end()
}

// cost is what some frames take.
type cost struct {
	frames        int
	plain, stored int64 // bytes
	compressing   time.Duration
	decompressing time.Duration
}

func (c *cost) mib() float64   { return float64(c.stored) / mib }
func (c *cost) share() percent { return percent(float64(c.stored) / float64(max(c.plain, 1))) }
func (c *cost) speed() float64 { return float64(c.plain) / 1e6 / c.compressing.Seconds() }

// compress compresses the frames and decompresses them again.
func compress(frames [][]byte, level chunk.Level) (*cost, error) {
	codec, err := chunk.NewCodec(chunk.CodecOptions{Level: level, Concurrency: 1})
	if err != nil {
		return nil, err
	}
	defer codec.Close()
	c := &cost{frames: len(frames)}
	var packed, back []byte
	for _, plain := range frames {
		start := cpuTime()
		out, how := codec.Compress(packed[:0], plain)
		middle := cpuTime()
		if how == chunk.Stored {
			out = plain
		} else {
			packed = out
			if back, err = codec.Decompress(back[:0], out, len(plain)); err != nil {
				return nil, fmt.Errorf("read back what was compressed: %w", err)
			}
		}
		c.compressing += middle - start
		c.decompressing += cpuTime() - middle
		c.plain, c.stored = c.plain+int64(len(plain)), c.stored+int64(len(out))
	}
	return c, nil
}
