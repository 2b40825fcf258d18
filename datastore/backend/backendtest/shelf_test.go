package backendtest_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
)

// The backend that the documentation shows is a good one.
func TestShelf(t *testing.T) {
	backendtest.Run(t, func(*testing.T) backend.Backend { return &shelf{} })
	fitness, err := backend.Probe(t.Context(), &shelf{}, backend.ProbeOptions{})
	require.NoError(t, err)
	require.NoError(t, fitness.Collectable())
}
