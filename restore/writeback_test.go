package restore

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
)

// What is written while a sync hangs is not held up, and asks for one more sync, not for many.
func TestWritebackHoldsNobodyUp(t *testing.T) {
	begun, leave := make(chan struct{}), make(chan struct{})
	syncs := 0
	w := startWriteback(func() error {
		syncs++
		begun <- struct{}{}
		<-leave
		return nil
	})
	w.wrote(writebackBytes - 1)
	require.Empty(t, w.due, "it is not worth it yet")
	w.wrote(1)
	<-begun
	for range 10 {
		w.wrote(writebackBytes)
	}
	finished := make(chan error)
	go func() { finished <- w.finish() }()
	leave <- struct{}{}
	for range 2 { // the one that the ten asked for, and the last one
		<-begun
		leave <- struct{}{}
	}
	require.NoError(t, <-finished)
	require.Equal(t, 3, syncs)
}

// A failure on the way is reported although the last sync succeeds: the system tells of a lost page once.
func TestWritebackKeepsTheFirstFailure(t *testing.T) {
	lost := errors.New("lost")
	results := []error{lost, nil}
	w := startWriteback(func() (err error) {
		err, results = results[0], results[1:]
		return err
	})
	w.wrote(writebackBytes)
	require.ErrorIs(t, w.finish(), lost)
	require.Empty(t, results)
}

func TestWritebackNotAskedFor(t *testing.T) {
	var w *writeback
	w.wrote(writebackBytes)
	require.NoError(t, w.end())
	require.NoError(t, w.finish())
}
