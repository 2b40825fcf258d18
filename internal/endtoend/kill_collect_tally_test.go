//go:build linux

package endtoend

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// tally counts what happened.
type tally map[string]int

func (c tally) log(t *testing.T) {
	var text strings.Builder
	for _, what := range slices.Sorted(maps.Keys(c)) {
		fmt.Fprintf(&text, "\n%10d  %s", c[what], what)
	}
	t.Log(text.String())
}

// keepIfFailed waits for the processes that still run, and keeps the store of a test that failed.
func (b *bout) keepIfFailed() {
	for ; b.active > 0; b.active-- {
		<-b.ends
	}
	if !b.t.Failed() {
		return
	}
	dir, err := os.MkdirTemp("", "heirloom-kill-collect-")
	require.NoError(b.t, err)
	require.NoError(b.t, os.CopyFS(filepath.Join(dir, "store"), os.DirFS(b.path("store"))))
	require.NoError(b.t, os.WriteFile(filepath.Join(dir, "history"), []byte(b.history.String()), 0o600))
	b.t.Logf("the store, and what was done to it, are kept in %s", dir)
}

// note writes down what was done, for whoever wants to know why a test failed.
func (b *bout) note(r *running, e ended) {
	fmt.Fprintf(&b.history, "%s tick %d to %d, %s: %v: status %d, signal %v\n\t%s\n\t%s\n", r.at.Format("15:04:05.000"),
		r.began, b.tick(), r.hand.name, r.deed.args, e.status, r.signal, e.stdout[:min(len(e.stdout), 1000)], e.stderr)
}
