// Command splitters measures ways to cut a file into chunks: how fast each cuts, how many chunks it makes of the first
// file, and how many bytes of the second one are new after the first.
//
//	splitters OLD NEW
package main

import (
	"bytes"
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	"github.com/heirloom-backup/heirloom/chunk"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: splitters OLD NEW")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "splitters:", err)
		os.Exit(1)
	}
}

const kib = 1 << 10

func candidates() []chunk.Params {
	var list []chunk.Params
	for _, avg := range []int{64, 128, 256, 512, 1024} {
		list = append(list, chunk.Params{Algorithm: chunk.Gear, Min: avg / 4 * kib, Average: avg * kib, Max: avg * 4 * kib})
	}
	for _, avg := range []int{128, 1024} {
		list = append(list, chunk.Params{Algorithm: chunk.Rabin, Min: avg / 2 * kib, Average: avg * kib, Max: avg * 8 * kib})
	}
	for _, size := range []int{64, 128, 256} {
		list = append(list, chunk.Params{Algorithm: chunk.Fixed, Min: size * kib, Average: size * kib, Max: size * kib})
	}
	return list
}

func run(older, newer string) error {
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(out, "algorithm\taverage KiB\tchunks\treal average KiB\tnew MB\tcut MB/s\t")
	for _, p := range candidates() {
		s, err := p.Splitter(make([]byte, 32))
		if err != nil {
			return err
		}
		m := measure{split: s, namer: chunk.NewNamer(nil), seen: map[chunk.ID]bool{}}
		if err := m.file(older); err != nil {
			return err
		}
		chunks, real := m.chunks, m.total/max(m.chunks, 1)
		m.fresh = 0
		if err := m.file(newer); err != nil {
			return err
		}
		speed := float64(m.total) / 1e6 / m.cutting.Seconds()
		fmt.Fprintf(out, "%s\t%d\t%d\t%d\t%.0f\t%.0f\t\n", p.Algorithm, p.Average/kib, chunks, real/kib, float64(m.fresh)/1e6, speed)
	}
	return out.Flush()
}

// measure cuts files and counts what is new. Chunks of zeros count for nothing: they are not stored.
type measure struct {
	split   chunk.Splitter
	namer   *chunk.Namer
	seen    map[chunk.ID]bool
	chunks  int64
	total   int64 // bytes
	fresh   int64 // bytes
	cutting time.Duration
}

func (m *measure) file(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	last := time.Now()
	zeros := make([]byte, m.split.MaxSize())
	for data, err := range chunk.Split(f, m.split) {
		if err != nil {
			return err
		}
		m.cutting += time.Since(last)
		m.add(data, zeros)
		last = time.Now()
	}
	return nil
}

func (m *measure) add(data, zeros []byte) {
	m.chunks++
	m.total += int64(len(data))
	if bytes.Equal(data, zeros[:len(data)]) {
		return
	}
	if id := m.namer.Name(data); !m.seen[id] {
		m.seen[id] = true
		m.fresh += int64(len(data))
	}
}
