package task

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// unreadableStore has something in it that cannot be read, beside all else.
type unreadableStore struct{ Store }

func (u unreadableStore) Recover(ctx context.Context, now time.Time, judge func(Record) Verdict) ([]Claim, error) {
	claims, err := u.Store.Recover(ctx, now, judge)
	return claims, errors.Join(err, ErrUnreadable)
}

// What cannot be read keeps no runner from its work; what it cannot take over does.
func TestRunnerThatCannotTakeOver(t *testing.T) {
	store := NewMemory()
	play(t, Options{Store: store, Handlers: map[string]Func{"sync": obey}}, func(s *scene) {
		s.Pause()
		synctest.Wait()
		s.submit(requeued(), nil)
		require.NoError(s, s.Close(s.Context()))
	})
	o := Options{Store: unreadableStore{store}, Handlers: map[string]Func{"sync": succeed}}
	o.Queue = NewQueue(Limits{})
	require.NoError(t, o.Queue.Close())
	_, err := NewRunner(t.Context(), o)
	require.ErrorIs(t, err, ErrClosed)
}
