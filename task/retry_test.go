package task

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task/remedy"
)

func TestDeadlineIsOfEachAttempt(t *testing.T) {
	play(t, Options{}, func(s *scene) {
		spec := chore("slow")
		spec.Deadline = time.Minute
		spec.Retry = remedy.Retry{Attempts: 3, First: time.Hour, Most: time.Hour}
		rec, err := s.wait(s.submit(spec, func(ctx context.Context, run *Run) error {
			require.NoError(s, ctx.Err())
			time.Sleep(50 * time.Second)
			if run.Attempt() < 3 {
				return remedy.New("flaky", remedy.Transient, "", errBroken)
			}
			return ctx.Err()
		}))
		require.NoError(s, err)
		require.Equal(s, OK, rec.State)
		require.Equal(s, 3, rec.Attempt)
	})
}

func TestRetry(t *testing.T) {
	retry := remedy.Retry{Attempts: 4, First: time.Minute, Most: 2 * time.Minute}
	flaky := remedy.New("flaky", remedy.Transient, "", errBroken)
	for name, c := range map[string]struct {
		errs     []error // of the attempts
		attempts int
		state    State
		least    time.Duration // what the pauses make together
		most     time.Duration
	}{
		"passes":          {[]error{flaky, flaky, nil}, 3, OK, 90 * time.Second, 3 * time.Minute},
		"never passes":    {[]error{flaky, flaky, flaky, flaky}, 4, Failed, 150 * time.Second, 5 * time.Minute},
		"not of a class":  {[]error{errBroken}, 1, Failed, 0, 0},
		"not any more":    {[]error{flaky, errBroken}, 2, Failed, 30 * time.Second, time.Minute},
		"passes at first": {[]error{nil}, 1, OK, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, Options{}, func(s *scene) {
				spec, begin := chore("flaky"), time.Now()
				spec.Retry = retry
				task := s.submit(spec, func(_ context.Context, run *Run) error {
					if run.Attempt() < len(c.errs) {
						run.Warn("disk", errBroken) // those of the last attempt count
					}
					return c.errs[run.Attempt()-1]
				})
				rec, err := s.wait(task)
				require.Equal(s, c.state, rec.State)
				require.Equal(s, c.attempts, rec.Attempt)
				require.Equal(s, c.state == OK, err == nil)
				require.Zero(s, rec.NotBefore)
				require.Zero(s, rec.Warnings.Count)
				took := time.Since(begin)
				require.True(s, c.least <= took && took <= c.most, "%s", took)
			})
		})
	}
}

// The clock that the runner was given says what is written down; how long a pause lasts is not its business.
func TestRetryPauseDoesNotDependOnTheClock(t *testing.T) {
	for name, step := range map[string]time.Duration{"an hour back": -time.Hour, "an hour ahead": time.Hour} {
		t.Run(name, func(t *testing.T) {
			play(t, Options{Now: func() time.Time { return time.Now().Add(step) }}, func(s *scene) {
				spec, begin := chore("flaky"), time.Now()
				spec.Retry = remedy.Retry{Attempts: 2, First: time.Minute, Most: time.Minute}
				_, err := s.wait(s.submit(spec, func(_ context.Context, run *Run) error {
					if run.Attempt() == 1 {
						return remedy.New("flaky", remedy.Transient, "", errBroken)
					}
					return nil
				}))
				require.NoError(s, err)
				require.GreaterOrEqual(s, time.Since(begin), 30*time.Second)
				require.LessOrEqual(s, time.Since(begin), time.Minute)
			})
		})
	}
}
