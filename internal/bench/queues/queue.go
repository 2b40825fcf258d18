package main

import "context"

// workers is how many tasks each queue works on at a time.
const workers = 8

// queue is one that is measured, with the workers that serve it.
type queue interface {
	// Do submits a task that does nothing, calls begun when its work begins, and returns when its end is durable. It is
	// called from many goroutines.
	Do(ctx context.Context, begun func()) error

	// Close stops the workers and closes what is on disk.
	Close() error
}

// pageSize is how many records are asked for at a time.
const pageSize = 50

// history is the records of tasks that have ended.
type history interface {
	// Page asks for the newest pageSize records that fit, and returns how many came.
	Page(ctx context.Context, q question) (int, error)
	Close() error
}

// question selects records. User may be "".
type question struct {
	kind   string
	failed bool
	user   string
}

// contender is what is compared, in one way of using it.
type contender struct {
	name string
	open func(ctx context.Context, dir string) (queue, error)

	// fill makes a folder with a history of n tasks, where sample says what the i-th is; read opens it. Both are nil where
	// the history is that of another contender.
	fill func(ctx context.Context, dir string, n int) error
	read func(ctx context.Context, dir string) (history, error)
}

// contenders are in the order of the tables' columns. The first is the one that the others are compared with.
func contenders() []contender {
	return []contender{
		{name: "heirloom", open: openHeirloom, fill: fillHeirloom, read: readHeirloom},
		{name: "river", open: openRiver, fill: fillRiver, read: readRiver},
		{name: "river, eager", open: openEagerRiver},
	}
}

// sample is the i-th task of a history: of five kinds and 20 users, and one in ten has failed.
func sample(i int) question {
	return question{
		kind:   []string{"backup", "restore", "verify", "prune", "sync"}[i%5],
		failed: i/5%10 == 0,
		user:   "user-" + string(rune('a'+i/50%20)),
	}
}

// among returns how many of the first n samples fit.
func (q question) among(n int) (fit int) {
	for i := range n {
		s := sample(i)
		if s.kind == q.kind && s.failed == q.failed && (q.user == "" || s.user == q.user) {
			fit++
		}
	}
	return fit
}
