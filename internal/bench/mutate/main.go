// Command mutate changes part of a disk image, or of a tree of files, as a day's use of the machine would.
//
//	mutate [-keep FOLDER] PATH PERCENT [DAY]
//	mutate -undo FOLDER PATH
//
// The same tree or image, percentage and day (default 1) make the same change. See image.go and tree.go for what is changed.
// With -keep what a tree loses is kept in FOLDER, and -undo puts it back and removes FOLDER: the tree has its old content and
// times again. See originals.go.
package main

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	flags := flag.NewFlagSet("mutate", flag.ContinueOnError)
	keep := flags.String("keep", "", "keep what a tree loses in this `FOLDER`")
	undo := flags.String("undo", "", "put back what is kept in this `FOLDER`")
	if err := flags.Parse(args); err != nil {
		return err
	}
	args = flags.Args()
	if *undo != "" && len(args) == 1 {
		return originals(*undo).putBack(args[0])
	}
	if *undo != "" || len(args) < 2 || len(args) > 3 {
		return errors.New("usage: mutate [-keep FOLDER] PATH PERCENT [DAY], or mutate -undo FOLDER PATH")
	}
	percent, err := strconv.ParseFloat(args[1], 64)
	if err != nil {
		return fmt.Errorf("percentage: %w", err)
	}
	day := uint64(1)
	if len(args) == 3 {
		if day, err = strconv.ParseUint(args[2], 10, 64); err != nil {
			return fmt.Errorf("day: %w", err)
		}
	}
	return mutate(args[0], percent, day, originals(*keep))
}

func mutate(path string, percent float64, day uint64, keep originals) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	random := rand.New(rand.NewPCG(day, 2))
	if info.IsDir() {
		return changeTree(path, percent, day, random, keep)
	}
	if keep != "" {
		return fmt.Errorf("%s is an image: only what a tree loses can be kept", path)
	}
	return changeImage(path, percent, random)
}

// fill makes data that compresses about as well as what machines write: half of it random.
func fill(data []byte, random *rand.Rand) {
	clear(data)
	for i := 0; i < len(data); i += 16 {
		v := random.Uint64()
		for k := range min(8, len(data)-i) {
			data[i+k] = byte(v >> (8 * k))
		}
	}
}
