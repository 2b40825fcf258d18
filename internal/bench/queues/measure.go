package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// inFlight is how many tasks are submitted and have not ended, in each of the figures for throughput.
var inFlight = []int{1, 8, 256}

// questions are what is asked of a history.
var questions = []struct {
	name string
	question
}{
	{"type and status, one in 6", question{kind: "verify"}},
	{"type and status, one in 50", question{kind: "verify", failed: true}},
	{"and user, one in 1,000", question{kind: "verify", failed: true, user: "user-c"}},
}

// result is what a contender did in all rounds so far.
type result struct {
	starts []time.Duration // from submitting to beginning, one task at a time, of all rounds
	rates  [][]float64     // tasks a second: as inFlight, then one for each round
	pages  [][]float64     // seconds for a page of a history that is open: as questions, then the median of each round
	firsts [][]float64     // the same with opening it before and closing it after
}

// work measures a queue in a new folder.
func (s settings) work(ctx context.Context, c contender, dir string, r *result) (err error) {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	q, err := c.open(ctx, dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, q.Close()) }()
	if err := q.Do(ctx, func() {}); err != nil { // not counted: the first one finds everything cold
		return err
	}
	starts, err := latencies(ctx, q, 2*s.each)
	if err != nil {
		return err
	}
	r.starts = append(r.starts, starts...)
	for i, n := range inFlight {
		rate, err := throughput(ctx, q, n, s.each)
		if err != nil {
			return fmt.Errorf("%d in flight: %w", n, err)
		}
		r.rates = put(r.rates, i, rate)
	}
	return nil
}

// put appends a figure to the i-th list.
func put(lists [][]float64, i int, figure float64) [][]float64 {
	for len(lists) <= i {
		lists = append(lists, nil)
	}
	lists[i] = append(lists[i], figure)
	return lists
}

// latencies does one task after the other.
func latencies(ctx context.Context, q queue, long time.Duration) (all []time.Duration, err error) {
	for end := time.Now().Add(long); time.Now().Before(end); {
		var began time.Time
		submitted := time.Now()
		if err := q.Do(ctx, func() { began = time.Now() }); err != nil {
			return nil, err
		}
		all = append(all, began.Sub(submitted))
	}
	return all, nil
}

// throughput keeps n tasks in flight, and returns how many end in a second. Those that are under way when the time is up
// are waited for and counted, with the time that they take.
func throughput(ctx context.Context, q queue, n int, long time.Duration) (float64, error) {
	var done atomic.Int64
	began := time.Now()
	group, ctx := errgroup.WithContext(ctx)
	for range n {
		group.Go(func() error {
			for time.Since(began) < long {
				if err := q.Do(ctx, func() {}); err != nil {
					return err
				}
				done.Add(1)
			}
			return nil
		})
	}
	err := group.Wait()
	return float64(done.Load()) / time.Since(began).Seconds(), err
}

// read measures the pages of a history.
func (s settings) read(ctx context.Context, c contender, dir string, r *result) error {
	for i, q := range questions {
		want := min(pageSize, q.among(s.records))
		median, err := repeat(s.each/2, func() error { return readOnce(ctx, c, dir, q.question, want) })
		if err != nil {
			return err
		}
		r.firsts = put(r.firsts, i, median)
	}
	h, err := c.read(ctx, dir)
	if err != nil {
		return err
	}
	closing := sync.OnceValue(h.Close)
	defer closing()
	for i, q := range questions {
		want := min(pageSize, q.among(s.records))
		median, err := repeat(s.each/2, func() error { return page(ctx, h, q.question, want) })
		if err != nil {
			return err
		}
		r.pages = put(r.pages, i, median)
	}
	return closing()
}

// readOnce opens a history for one page, as a command does that lists tasks.
func readOnce(ctx context.Context, c contender, dir string, q question, want int) error {
	h, err := c.read(ctx, dir)
	if err != nil {
		return err
	}
	return errors.Join(page(ctx, h, q, want), h.Close())
}

// page asks for a page, and makes sure that it has what it should.
func page(ctx context.Context, h history, q question, want int) error {
	n, err := h.Page(ctx, q)
	if err == nil && n != want {
		err = fmt.Errorf("the page of %+v has %d records instead of %d", q, n, want)
	}
	return err
}

// repeat calls f for so long, ten times at least, and returns the median of the seconds that it took.
func repeat(long time.Duration, f func() error) (float64, error) {
	var times []float64
	for end := time.Now().Add(long); len(times) < 10 || time.Now().Before(end); {
		began := time.Now()
		if err := f(); err != nil {
			return 0, err
		}
		times = append(times, time.Since(began).Seconds())
	}
	return median(times), nil
}
