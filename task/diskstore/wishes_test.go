package diskstore

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task"
)

// Whoever asks first is the one whom the record names, from whichever process.
func TestFirstWishCounts(t *testing.T) {
	dir := t.TempDir()
	owner := open(t, dir, Options{WishEvery: time.Hour}) // it looks when it is too late to see the first alone
	c := makeTask(t, owner, waiting(1))
	for _, by := range []string{"ann", "bob"} {
		elsewhere := open(t, dir, Options{})
		require.NoError(t, elsewhere.RequestCancel(t.Context(), waiting(1).UPID, task.Cancellation{By: by}))
	}
	told := make(chan task.Cancellation, 1)
	c.OnCancel(func(w task.Cancellation) { told <- w })
	owner.lookForWishes()
	require.Equal(t, "ann", (<-told).By)
}
