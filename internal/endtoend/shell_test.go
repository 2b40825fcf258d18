//go:build linux

package endtoend

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// shell runs the program in a folder of its own, on the store and cache that lie there.
type shell struct {
	t   testing.TB
	dir string
	env []string // added to what every run gets
	as  []string // command line that the program's is appended to, such as one that changes the user
}

func newShell(t testing.TB) *shell {
	return &shell{t: t, dir: t.TempDir()}
}

func (s *shell) path(elem ...string) string {
	return filepath.Join(append([]string{s.dir}, elem...)...)
}

// outcome is how a run ended.
type outcome struct {
	status         int // -1: by a signal
	stdout, stderr string
}

// command prepares a run.
func (s *shell) command(args ...string) *exec.Cmd {
	line := append(append([]string{}, s.as...), executable)
	line = append(line, args...)
	cmd := exec.CommandContext(s.t.Context(), line[0], line[1:]...)
	cmd.Dir = s.dir
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + s.dir, "TMPDIR=" + os.TempDir(),
		"HEIRLOOM_STORE=" + s.path("store"), "HEIRLOOM_CACHE_DIR=" + s.path("cache")}, s.env...)
	return cmd
}

func (s *shell) run(args ...string) outcome {
	s.t.Helper()
	return s.finish(s.command(args...))
}

// finish runs a prepared command.
func (s *shell) finish(cmd *exec.Cmd) outcome {
	s.t.Helper()
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); !errors.As(err, new(*exec.ExitError)) {
		require.NoError(s.t, err)
	}
	return outcome{cmd.ProcessState.ExitCode(), out.String(), errs.String()}
}

// must runs what has to succeed.
func (s *shell) must(args ...string) string {
	s.t.Helper()
	got := s.run(args...)
	require.Zero(s.t, got.status, "%v: %s", args, got.stderr)
	return got.stdout
}

// read runs with --json what has to succeed, and reads the document.
func (s *shell) read(document any, args ...string) {
	s.t.Helper()
	out := s.must(append(args, "--json")...)
	require.NoError(s.t, json.Unmarshal([]byte(out), document), "%v: %s", args, out)
}

// report is what the tests look at of a backup's document.
type report struct {
	Snapshot    string `json:"snapshot"`
	Complete    bool   `json:"complete"`
	BytesSource int64  `json:"bytes_source"`
	BytesNew    int64  `json:"bytes_new"`
}

func (s *shell) backup(args ...string) (r report) {
	s.t.Helper()
	s.read(&r, append([]string{"backup"}, args...)...)
	require.NotEmpty(s.t, r.Snapshot)
	return r
}

// addresses lists the snapshots.
func (s *shell) addresses() (list []string) {
	s.t.Helper()
	var snapshots []struct{ Snapshot string }
	s.read(&snapshots, "snapshots")
	for _, sn := range snapshots {
		list = append(list, sn.Snapshot)
	}
	return list
}

// restores checks that a snapshot comes back as it was.
func (s *shell) restores(address string, want tableau) {
	s.t.Helper()
	dest := s.t.TempDir()
	s.must("restore", address, dest)
	requireSame(s.t, want, look(s.t, dest))
	require.NoError(s.t, os.RemoveAll(dest))
}

// objects returns the names of the files below a folder.
func objects(t testing.TB, dir string) (names []string) {
	t.Helper()
	for path, f := range look(t, dir) {
		if !f.folder() {
			names = append(names, path)
		}
	}
	return names
}

// below returns the names that begin with a prefix.
func below(names []string, prefix string) (some []string) {
	for _, name := range names {
		if strings.HasPrefix(name, prefix) {
			some = append(some, name)
		}
	}
	return some
}
