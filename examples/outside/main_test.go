package main

import (
	"context"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
	"github.com/heirloom-backup/heirloom/datastore/backup/source/sourcetest"
)

func Example() {
	if err := run(context.Background(), os.Stdout, sample()); err != nil {
		panic(err)
	}
	// Output:
	// saved 3 pages, complete: true
	// verified, clean: true
	// the same in wiki and snapshot: 3 pages
}

// Whoever writes a backend or a source runs the suite for it.
func TestTable(t *testing.T) {
	backendtest.Run(t, func(*testing.T) backend.Backend { return newTable() })
}

func TestWiki(t *testing.T) { sourcetest.Run(t, wikiSource{sample()}) }

func TestDifferencesAreFound(t *testing.T) {
	_, err := compare(sample(), fstest.MapFS{"Home": {Data: []byte("Go away.")}})
	require.EqualError(t, err, `page "Home" came back as something else`)
}

func TestWhatIsNoPageIsLeftOut(t *testing.T) {
	var out strings.Builder
	err := run(t.Context(), &out, fstest.MapFS{"pipe": {Mode: os.ModeNamedPipe}})
	require.Contains(t, out.String(), "saved 0 pages, complete: false")
	require.ErrorContains(t, err, "pipe", "the wiki has it and the snapshot has not")
}
