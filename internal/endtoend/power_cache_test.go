//go:build linux

package endtoend

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestPowerLossWithACache goes on with the cache of the machine that did the work: it may know what the store has lost,
// and may itself be cut or empty, for nobody waits until a cache is on the disk.
func TestPowerLossWithACache(t *testing.T) {
	r := newRecording(t)
	r.options.CacheDir = t.TempDir()
	r.run(append(twoSaves, alter, save, forget(0))...)
	r.start(nil)
	r.run(rebuild, alter, save, rebuild, collect, rebuild)
	sources, judged := r.sources(), 0
	for p, state := range r.states(sampled(12, allStates)) {
		for _, left := range []int64{100, 50, 0} { // percent of each file
			judged++
			cache := t.TempDir()
			files := copyCut(t, cache, r.options.CacheDir, left)
			require.Positive(t, files)
			require.NoError(t, r.judge(p, state.Clone(), sources, cache), "%d percent of each file of the cache", left)
		}
	}
	t.Logf("%d crash points, %d cases", r.count(), judged)
}

// copyCut copies the beginnings of all files below a folder, and returns how many there are.
func copyCut(t *testing.T, to, from string, percent int64) (files int) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(from), ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(from, name))
		if err != nil {
			return fmt.Errorf("copy cache: %w", err)
		}
		files++
		target := filepath.Join(to, name)
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		return os.WriteFile(target, data[:int64(len(data))*percent/100], 0o600)
	})
	require.NoError(t, err)
	return files
}
