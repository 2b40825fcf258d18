package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore"
)

// pieces returns the chunks of the sample's first state as a store has them to compress: cut by default, each once, in
// order, without an image's zeros.
func (s *sample) pieces() ([][]byte, error) {
	params := datastore.DefaultSplitters()
	c := collector{seen: map[chunk.ID]bool{}, namer: chunk.NewNamer(nil)}
	if s.image {
		c.zeros = make([]byte, params.Image.Max)
		err := c.file(s.states[0], params.Image)
		return c.chunks, err
	}
	err := eachFile(s.states[0], func(name string, _ fs.FileInfo) error {
		return c.file(filepath.Join(s.states[0], name), params.Content)
	})
	return c.chunks, err
}

type collector struct {
	seen   map[chunk.ID]bool
	namer  *chunk.Namer
	zeros  []byte // what is not kept; nil: all is kept
	chunks [][]byte
}

// file adds the chunks of a file that were not there before.
func (c *collector) file(path string, p chunk.Params) error {
	splitter, err := p.Splitter(nil)
	if err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	for data, err := range chunk.Split(f, splitter) {
		if err != nil {
			return err
		}
		c.add(data)
	}
	return nil
}

func (c *collector) add(data []byte) {
	if c.zeros != nil && bytes.Equal(data, c.zeros[:len(data)]) {
		return
	}
	if id := c.namer.Name(data); !c.seen[id] {
		c.seen[id] = true
		c.chunks = append(c.chunks, bytes.Clone(data))
	}
}

// group joins chunks to frames of up to size bytes, as a store's packer does. Those of solo bytes and more stay alone.
func group(chunks [][]byte, size, solo int) (frames [][]byte) {
	var open []byte
	for _, data := range chunks {
		switch {
		case len(data) >= solo:
			frames = append(frames, data)
			continue
		case len(open) > 0 && len(open)+len(data) > size:
			frames = append(frames, open)
			open = nil
		}
		open = append(open, data...)
	}
	if len(open) > 0 {
		frames = append(frames, open)
	}
	return frames
}
