package remedy

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"
)

// Do calls f until it succeeds, fails in a way that t does not explain as one that may pass, or was called often enough,
// with a pause before each further call. It is for those who have no runner to do this.
//
// It returns an error that wraps the last one of f. When ctx ends, f is not called again, and a pause ends at once: the
// error then wraps that of ctx, too.
func (r Retry) Do(ctx context.Context, t Table, f func(context.Context) error) error {
	for attempt := 1; ; attempt++ {
		err := f(ctx)
		switch {
		case err == nil:
			return nil
		case !r.Again(attempt, t.Explain(err)):
			return givenUp(attempt, err)
		}
		if ended := wait(ctx, r.Delay(attempt, rand.Float64())); ended != nil {
			return fmt.Errorf("%w before attempt %d; the last one: %w", ended, attempt+1, err)
		}
	}
}

// givenUp says how often it was tried, if that was more than once.
func givenUp(attempt int, err error) error {
	if attempt == 1 {
		return err
	}
	return fmt.Errorf("attempt %d: %w", attempt, err)
}

// wait returns after a pause, or with the error of the context when that ends.
func wait(ctx context.Context, pause time.Duration) error {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return ctx.Err() // of two that are ready, select takes either
	}
}
