package tasklog

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"
)

// Source is a log that may be growing.
type Source interface {
	io.ReaderAt

	// Ended tells whether nothing will be added any more. What was added before it says so can be read after.
	Ended() (bool, error)
}

// FollowOptions say how to follow a log.
type FollowOptions struct {
	// Every is the pause before looking for more; 0 stands for 200 ms.
	Every time.Duration
}

// Follow yields the lines of a log as Read does, and then those that are added, until the log has ended or ctx has. A
// last line without a newline is yielded once the log has ended. The error of ctx or of src is the last thing yielded.
// It starts no goroutine.
func Follow(ctx context.Context, src Source, offset int64, o FollowOptions) iter.Seq2[Line, error] {
	if o.Every <= 0 {
		o.Every = 200 * time.Millisecond
	}
	return func(yield func(Line, error) bool) {
		s := newScanner(src, offset)
		for {
			// Asked before reading: what is added between the two is then not lost.
			ended, err := src.Ended()
			if err != nil {
				yield(Line{}, fmt.Errorf("ask whether the task's log has ended: %w", err))
				return
			}
			if !s.yieldAll(ctx, yield) {
				return
			}
			if ended {
				if line, ok := s.last(); ok {
					yield(line, nil)
				}
				return
			}
			if err := pause(ctx, o.Every); err != nil {
				yield(Line{}, err)
				return
			}
		}
	}
}

// yieldAll yields the whole lines that there are for now, and tells whether to go on.
func (s *scanner) yieldAll(ctx context.Context, yield func(Line, error) bool) bool {
	for {
		if err := ctx.Err(); err != nil {
			yield(Line{}, err)
			return false
		}
		line, err := s.next()
		if errors.Is(err, io.EOF) {
			return true
		}
		if !yield(line, err) || err != nil {
			return false
		}
	}
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
