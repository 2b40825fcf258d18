package backend

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"math/rand/v2"
	"time"
)

// RetryOptions says how long Retry keeps trying. The zero value is five attempts over roughly ten seconds.
type RetryOptions struct {
	Attempts int           // calls in all, the first included; 0 means 5
	Wait     time.Duration // before the second attempt, then doubled each time; 0 means 500 ms
	MaxWait  time.Duration // no single wait is longer; 0 means 30 s
	Logger   *slog.Logger  // told of each attempt that is repeated; nil means silent
}

func (o RetryOptions) withDefaults() RetryOptions {
	if o.Attempts <= 0 {
		o.Attempts = 5
	}
	if o.Wait <= 0 {
		o.Wait = 500 * time.Millisecond
	}
	if o.MaxWait <= 0 {
		o.MaxWait = 30 * time.Second
	}
	return o
}

// Retry returns b with calls repeated that failed for a reason that may pass: Get up to the moment a reader is
// returned, List up to the first object, and Delete. Waits grow exponentially and are jittered, so that many clients of
// a recovering server do not return all at once. Answers are not repeated: ErrNotFound, ErrExist, ErrReadOnly,
// ErrBadName, the end of the context, and what is marked Permanent.
//
// Put is never repeated. A pack name must be put at most once: when the answer to a put is lost, the object may have
// been stored and even deleted again by a collector, and a second put would bring back a name that others know as gone
// (see the collection protocol, section 1). A writer stores the bytes under a new name instead.
func Retry(b Backend, o RetryOptions) Backend { return retry{b, o.withDefaults()} }

// Permanent marks an error that will not pass by waiting, such as refused credentials. Its message stays the same.
func Permanent(err error) error {
	if err == nil {
		return nil
	}
	return permanent{err}
}

type permanent struct{ error }

func (p permanent) Unwrap() error { return p.error }

type retry struct {
	Backend
	options RetryOptions
}

func (r retry) Unwrap() Backend { return r.Backend }

func (r retry) Get(ctx context.Context, name string, offset, length int64) (io.ReadCloser, error) {
	var reader io.ReadCloser
	err := r.do(ctx, KindGet, name, func() (err error) {
		reader, err = r.Backend.Get(ctx, name, offset, length)
		return err
	})
	return reader, err
}

func (r retry) Delete(ctx context.Context, name string) error {
	return r.do(ctx, KindDelete, name, func() error { return r.Backend.Delete(ctx, name) })
}

func (r retry) List(ctx context.Context, prefix string) iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		var late error // from the moment the caller has seen an object an error is final: none may come twice
		err := r.do(ctx, KindList, prefix, func() error {
			started, err := r.forward(ctx, prefix, yield)
			if started {
				late = err
				return nil
			}
			return err
		})
		if err = errors.Join(err, late); err != nil {
			yield(Info{}, err)
		}
	}
}

// forward yields the objects of one listing, and reports whether there was one and how the listing ended. It ends
// without an error when the caller has left its loop.
func (r retry) forward(ctx context.Context, prefix string, yield func(Info, error) bool) (started bool, err error) {
	for info, err := range r.Backend.List(ctx, prefix) {
		if err != nil {
			return started, err
		}
		started = true
		if !yield(info, nil) {
			break
		}
	}
	return started, nil
}

// do calls f until it succeeds, fails for good or has been called often enough.
func (r retry) do(ctx context.Context, kind Kind, name string, f func() error) error {
	wait := r.options.Wait
	for attempt := 1; ; attempt++ {
		err := f()
		if err == nil || final(err) {
			return err
		}
		if attempt == r.options.Attempts {
			return fmt.Errorf("given up after %d attempts: %w", attempt, err)
		}
		pause := jitter(min(wait, r.options.MaxWait))
		if r.options.Logger != nil {
			r.options.Logger.WarnContext(ctx, "storage failed, trying again", "op", string(kind), "name", name,
				"attempt", attempt, "wait", pause, "error", err)
		}
		if stopped := sleep(ctx, pause); stopped != nil {
			return fmt.Errorf("%w while waiting to try again after: %w", stopped, err)
		}
		wait = min(2*wait, r.options.MaxWait)
	}
}

func final(err error) bool {
	for _, answer := range []error{
		ErrNotFound, ErrExist, ErrReadOnly, ErrBadName, context.Canceled, context.DeadlineExceeded,
	} {
		if errors.Is(err, answer) {
			return true
		}
	}
	var p permanent
	return errors.As(err, &p)
}

// jitter returns a duration between half of d and d.
func jitter(d time.Duration) time.Duration { return d - rand.N(d/2+1) }

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
