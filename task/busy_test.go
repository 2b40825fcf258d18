package task

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// busyStore is one in which another process looks for orphans, and takes long.
type busyStore struct{ Store }

func (busyStore) Recover(context.Context, time.Time, func(Record) Verdict) ([]Claim, error) {
	return nil, ErrBusy
}

// Whoever has handlers may have to take something up again, and learns that it could not look. Others can go without.
func TestWhileAnotherProcessRecovers(t *testing.T) {
	store := busyStore{NewMemory()}
	r, err := NewRunner(t.Context(), Options{Store: store})
	require.NoError(t, err)
	health, err := r.Health(t.Context())
	require.NoError(t, err)
	require.ErrorIs(t, health.Trouble, ErrBusy)
	rec, err := r.Do(t.Context(), chore("copy"), succeed)
	require.NoError(t, err)
	require.Equal(t, OK, rec.State)
	require.NoError(t, r.Close(t.Context()))

	_, err = NewRunner(t.Context(), Options{Store: store, Handlers: map[string]Func{"copy": succeed}})
	require.ErrorIs(t, err, ErrBusy)
}
