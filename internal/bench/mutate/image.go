package main

import (
	"io"
	"math/rand/v2"
	"os"
)

const block = 4 << 10 // bytes

// changeImage replaces a share of an image's blocks: 40 % of those lie in long runs, 57 % in runs of about 64 KiB inside
// a few hot zones, and 3 % alone.
func changeImage(path string, percent float64, random *rand.Rand) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	im := &image{f: f, blocks: size / block, random: random}
	im.change(int64(float64(im.blocks) * percent / 100))
	if im.err != nil {
		return im.err
	}
	return f.Close()
}

type image struct {
	f      *os.File
	blocks int64
	random *rand.Rand
	err    error // the first one; nothing is written after it
}

func (im *image) change(n int64) {
	for left := n * 40 / 100; left > 0; left -= 1024 {
		im.write(im.random.Int64N(im.blocks), min(left, 1024))
	}
	zones := make([]int64, 8)
	for i := range zones {
		zones[i] = im.random.Int64N(im.blocks)
	}
	for left := n * 57 / 100; left > 0; left -= 16 {
		im.write(zones[im.random.IntN(len(zones))]+im.random.Int64N(im.blocks/100+1), min(left, 16))
	}
	for range n * 3 / 100 {
		im.write(im.random.Int64N(im.blocks), 1)
	}
}

func (im *image) write(at, n int64) {
	n = min(n, im.blocks-at)
	if im.err != nil || n <= 0 {
		return
	}
	data := make([]byte, n*block)
	fill(data, im.random)
	_, im.err = im.f.WriteAt(data, at*block)
}
