// Command mutate changes part of a disk image as a day's use of the machine in it would: of the blocks to be changed,
// 40 % lie in long runs, 57 % in runs of about 64 KiB inside a few hot zones, and 3 % alone.
//
//	mutate IMAGE PERCENT
package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strconv"
)

const block = 4 << 10 // bytes

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("usage: mutate IMAGE PERCENT")
	}
	percent, err := strconv.ParseFloat(args[1], 64)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(args[0], os.O_RDWR, 0)
	if err != nil {
		return err
	}
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	m := &mutation{f: f, blocks: size / block, random: rand.New(rand.NewPCG(1, 2))}
	m.change(int64(float64(m.blocks) * percent / 100))
	if err := f.Close(); err != nil {
		return err
	}
	return m.err
}

type mutation struct {
	f      *os.File
	blocks int64
	random *rand.Rand
	err    error
}

func (m *mutation) change(n int64) {
	for left := n * 40 / 100; left > 0; left -= 1024 {
		m.write(m.random.Int64N(m.blocks), min(left, 1024))
	}
	zones := make([]int64, 8)
	for i := range zones {
		zones[i] = m.random.Int64N(m.blocks)
	}
	for left := n * 57 / 100; left > 0; left -= 16 {
		m.write(zones[m.random.IntN(len(zones))]+m.random.Int64N(m.blocks/100+1), min(left, 16))
	}
	for range n * 3 / 100 {
		m.write(m.random.Int64N(m.blocks), 1)
	}
}

// write replaces n blocks by data that compresses about as well as what machines write: half of it random.
func (m *mutation) write(at, n int64) {
	n = min(n, m.blocks-at)
	if m.err != nil || n <= 0 {
		return
	}
	data := make([]byte, n*block)
	for i := 0; i < len(data); i += 16 {
		v := m.random.Uint64()
		for k := range 8 {
			data[i+k] = byte(v >> (8 * k))
		}
	}
	_, m.err = m.f.WriteAt(data, at*block)
}
