package main

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	_ "modernc.org/sqlite"
)

// riverQueue is a client of river with its database.
type riverQueue struct {
	db     *sql.DB
	client *river.Client[*sql.Tx]
	last   atomic.Int64 // number of the last job
	stop   func()       // ends the subscription
	told   sync.WaitGroup

	mu   sync.Mutex
	jobs map[int64]*job // those that have not ended
}

// job is one that somebody waits for.
type job struct {
	begun func()
	ended chan error
}

// args is what a job is in the database.
type args struct {
	Number int64 `json:"number"`
}

// Kind implements river.JobArgs.
func (args) Kind() string { return "empty" }

// openRiver opens river as it comes: a new job is noticed by a look at the database every 50 ms, at most ten times a
// second, and jobs that are done become so in the database together, every 250 ms or by the hundred.
func openRiver(ctx context.Context, dir string) (queue, error) {
	return newRiver(ctx, dir, river.Config{}, (*riverQueue).work)
}

// openEagerRiver opens river with the shortest pauses that it permits, and with a worker that records the end itself, in
// a transaction of its own.
func openEagerRiver(ctx context.Context, dir string) (queue, error) {
	config := river.Config{PollOnly: true, FetchCooldown: time.Millisecond, FetchPollInterval: time.Millisecond}
	return newRiver(ctx, dir, config, (*riverQueue).complete)
}

func newRiver(ctx context.Context, dir string, config river.Config,
	work func(*riverQueue, context.Context, *river.Job[args]) error) (*riverQueue, error) {

	db, err := openDatabase(ctx, dir)
	if err != nil {
		return nil, err
	}
	r := &riverQueue{db: db, jobs: map[int64]*job{}}
	config.Workers = river.NewWorkers()
	river.AddWorker(config.Workers, river.WorkFunc(func(ctx context.Context, j *river.Job[args]) error {
		r.job(j.Args.Number).begun()
		return work(r, ctx, j)
	}))
	config.Queues = map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: workers}}
	config.Logger = slog.New(slog.DiscardHandler)
	if r.client, err = river.NewClient(riversqlite.New(db), &config); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	r.follow()
	if err := r.client.Start(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return r, nil
}

// openDatabase opens one as durable as heirloom's files are: each commit is on the disk before it returns. River's driver
// asks for a single connection.
func openDatabase(ctx context.Context, dir string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "river.db")+
		"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=busy_timeout(10000)&_txlock=immediate")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	migrator, err := rivermigrate.New(riversqlite.New(db), nil)
	if err == nil {
		_, err = migrator.Migrate(ctx, rivermigrate.DirectionUp, nil)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// follow tells those who wait that their jobs have ended: river says so once it is durable.
func (r *riverQueue) follow() {
	events, stop := r.client.SubscribeConfig(&river.SubscribeConfig{
		Kinds:    []river.EventKind{river.EventKindJobCompleted, river.EventKindJobFailed},
		ChanSize: 10_000,
	})
	r.stop = stop
	r.told.Go(func() {
		for event := range events {
			number, err := numberOf(event.Job)
			if err == nil && event.Kind == river.EventKindJobFailed {
				err = errors.New("the job failed")
			}
			r.end(number, err)
		}
	})
}

// work does nothing, and leaves it to river to record that.
func (r *riverQueue) work(context.Context, *river.Job[args]) error { return nil }

// complete records that the job is done, and says so at once.
func (r *riverQueue) complete(ctx context.Context, j *river.Job[args]) error {
	tx, err := r.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after Commit
	if _, err := river.JobCompleteTx[*riversqlite.Driver](ctx, tx, j); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	r.end(j.Args.Number, nil)
	return nil
}

func (r *riverQueue) job(number int64) *job {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.jobs[number]
}

// end tells who waits for a job that it has ended. Only the first call for a job does something.
func (r *riverQueue) end(number int64, err error) {
	r.mu.Lock()
	j := r.jobs[number]
	delete(r.jobs, number)
	r.mu.Unlock()
	if j != nil {
		j.ended <- err
	}
}

// Do implements queue.
func (r *riverQueue) Do(ctx context.Context, begun func()) error {
	number, j := r.last.Add(1), &job{begun: begun, ended: make(chan error, 1)}
	r.mu.Lock()
	r.jobs[number] = j
	r.mu.Unlock()
	if _, err := r.client.Insert(ctx, args{number}, nil); err != nil {
		return err
	}
	select {
	case err := <-j.ended:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Close implements queue.
func (r *riverQueue) Close() error {
	err := r.client.Stop(context.Background())
	r.stop()
	r.told.Wait()
	return errors.Join(err, r.db.Close())
}
