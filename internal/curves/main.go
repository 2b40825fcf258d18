// Command curves measures the curve around what a store was chosen to do, on real data: how large frames are, how hard
// they are compressed, which chunks are alone in theirs, and how data is cut. It prints Markdown tables.
//
//	curves TABLE PATH MIB [CHANGED]
//
// PATH is a folder or a disk image, of which MIB are taken in pieces spread all over it; 0 takes all of it. That is what
// tells how ways to cut compare: a sample has few of the duplicates. CHANGED is the same at a later time: what it adds to
// a store is measured, too. The tables are
//
//	frames   stored bytes and CPU time by level and size of frames
//	alone    the same by the size from which a chunk is a frame of its own
//	cuts     whole stores by how data is cut
//	stores   whole stores by datastore.Options.FrameSize
//	all      all of them
//
// The first two hold the data in memory, cut as a store does by default, and use one thread. Stores are in memory, not
// encrypted, compressed at the default level with the default window: those are not open to choice. CPU time is that of
// the whole process, where the system tells; elsewhere it is the time that passed.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
)

func main() {
	if err := run(context.Background(), os.Stdout, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "curves:", err)
		os.Exit(1)
	}
}

var errUsage = errors.New("usage: curves frames|alone|cuts|stores|all PATH MIB [CHANGED]")

// table is one of the tables; it writes itself.
type table func(ctx context.Context, out io.Writer, s *sample) error

var tables = []struct {
	name  string
	table table
}{
	{"frames", frames},
	{"alone", alone},
	{"cuts", cuts},
	{"stores", stores},
}

func run(ctx context.Context, out io.Writer, args []string) (err error) {
	if len(args) < 3 || len(args) > 4 {
		return errUsage
	}
	amount, err := strconv.ParseInt(args[2], 10, 32)
	if err != nil || amount < 0 {
		return errUsage
	}
	s, err := take(args[1], amount*mib, args[3:]...)
	if err != nil {
		return fmt.Errorf("take a sample: %w", err)
	}
	defer func() { err = errors.Join(err, s.remove()) }()
	met := false
	for _, t := range tables {
		if args[0] == t.name || args[0] == "all" {
			met = true
			if err := t.table(ctx, out, s); err != nil {
				return fmt.Errorf("table of %s: %w", t.name, err)
			}
		}
	}
	if !met {
		return errUsage
	}
	return nil
}
