//go:build linux

package endtoend

import (
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestExitStatus checks each status that scripts may rely on, but for that of Ctrl-C.
func TestExitStatus(t *testing.T) {
	s := newShell(t)
	l := newLand(t, s.path("data"))
	for i := range 3 {
		l.file(fmt.Sprint("file", i), l.noise(100<<10))
	}
	s.must("init")
	address := s.backup("data").Snapshot
	for name, f := range look(t, s.path("store")) {
		if f.size > 100<<10 {
			s.flip(s.path("store", name), 1000) // in the pack with the content
		}
	}
	tests := map[string]struct {
		line   []string
		status int
	}{
		"verify":  {[]string{"verify"}, 4},
		"named":   {[]string{"verify", address}, 4},
		"json":    {[]string{"verify", "--json"}, 4},
		"restore": {[]string{"restore", address, "back"}, 4},
		"cat":     {[]string{"cat", address, "file0"}, 4},
		"salvage": {[]string{"restore", "--salvage", address, "salvaged"}, 4},
		"lists":   {[]string{"snapshots"}, 0},
		"wrong":   {[]string{"snapshots", "wrong"}, 2},
		"failed":  {[]string{"ls", noSuch}, 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := s.run(test.line...)
			require.Equal(t, test.status, got.status, "%s%s", got.stdout, got.stderr)
		})
	}
}

// flip inverts a byte of a file.
func (s *shell) flip(name string, at int64) {
	s.t.Helper()
	require.NoError(s.t, os.Chmod(name, 0o600))
	file, err := os.OpenFile(name, os.O_RDWR, 0)
	require.NoError(s.t, err)
	defer file.Close()
	one := make([]byte, 1)
	_, err = file.ReadAt(one, at)
	require.NoError(s.t, err)
	one[0] ^= 0xff
	_, err = file.WriteAt(one, at)
	require.NoError(s.t, err)
}
