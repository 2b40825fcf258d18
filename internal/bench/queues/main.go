package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// settings say how much is measured.
type settings struct {
	dir     string        // where the data lie
	scratch string        // where a history is made, before it is copied to dir
	rounds  int           // how often everything is done
	each    time.Duration // how long each figure of a round is measured
	records int           // of a history
}

func main() {
	var s settings
	flag.StringVar(&s.dir, "dir", os.TempDir(), "`folder` for the data, on the disk that is to be measured")
	flag.StringVar(&s.scratch, "scratch", os.TempDir(), "`folder` to make the history in; in memory it is made sooner")
	flag.IntVar(&s.rounds, "rounds", 5, "how many `rounds`, in each of which every queue has its turn")
	flag.DurationVar(&s.each, "each", time.Second, "how `long` each figure of a round is measured")
	flag.IntVar(&s.records, "records", 100_000, "how many ended `tasks` a page is asked of")
	flag.Parse()
	if err := s.run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "queues:", err)
		os.Exit(1)
	}
}

// run measures everything and prints the tables.
func (s settings) run(ctx context.Context) (err error) {
	if s.dir, err = os.MkdirTemp(s.dir, "queues"); err != nil {
		return err
	}
	defer os.RemoveAll(s.dir)
	list := contenders()
	results := make([]result, len(list))
	for n := range s.rounds {
		for i, c := range list {
			dir := filepath.Join(s.dir, fmt.Sprintf("%d-%d", n, i))
			if err := s.work(ctx, c, dir, &results[i]); err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
		}
		fmt.Fprintf(os.Stderr, "round %d of %d\n", n+1, s.rounds)
	}
	if err := s.pages(ctx, list, results); err != nil {
		return err
	}
	return write(os.Stdout, list, results)
}

// pages asks for pages of a history.
func (s settings) pages(ctx context.Context, list []contender, results []result) error {
	dirs := make([]string, len(list))
	for i, c := range list {
		if c.fill == nil {
			continue
		}
		dirs[i] = filepath.Join(s.dir, fmt.Sprintf("history-%d", i))
		if err := s.fill(ctx, c, dirs[i]); err != nil {
			return fmt.Errorf("fill %s: %w", c.name, err)
		}
	}
	for range s.rounds {
		for i, c := range list {
			if c.fill == nil {
				continue
			}
			if err := s.read(ctx, c, dirs[i], &results[i]); err != nil {
				return fmt.Errorf("read %s: %w", c.name, err)
			}
		}
	}
	return nil
}

// fill makes a history and puts it into dir.
func (s settings) fill(ctx context.Context, c contender, dir string) error {
	scratch, err := os.MkdirTemp(s.scratch, "history")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	began := time.Now()
	if err := c.fill(ctx, scratch, s.records); err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "%s has %d records after %s\n", c.name, s.records, time.Since(began).Round(time.Second))
	return os.CopyFS(dir, os.DirFS(scratch))
}
