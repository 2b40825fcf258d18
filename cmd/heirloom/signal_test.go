package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestInterrupt stops a real process in the middle of a backup.
func TestInterrupt(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot send another one an interrupt there")
	}
	c := newCLI(t)
	c.must("init")
	program := filepath.Join(c.dir, "heirloom")
	build, err := exec.Command("go", "build", "-buildvcs=false", "-o", program, ".").CombinedOutput()
	require.NoError(t, err, "%s", build)

	var stdout, stderr bytes.Buffer
	cmd := exec.Command(program, "backup", "-", "--name", "endless", "--store", c.env["HEIRLOOM_STORE"], "--cache-dir", c.env["HEIRLOOM_CACHE_DIR"])
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	stdin, err := cmd.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	_, err = stdin.Write([]byte(noise(8 << 20))) // more than a pipe holds: when it is written, the backup is reading
	require.NoError(t, err)
	require.NoError(t, cmd.Process.Signal(os.Interrupt))
	require.Error(t, cmd.Wait(), "it waited for the end of stdin, which never came")

	require.Equal(t, int(statusCancelled), cmd.ProcessState.ExitCode(), stderr.String())
	require.Empty(t, stdout.String())
	require.Equal(t, 1, strings.Count(stderr.String(), "\n"), stderr.String())
	require.Contains(t, stderr.String(), "what is stored already is kept, and the next run goes on from there")
	require.Equal(t, "[]\n", c.must("snapshots", "--json"))

	c.stdin = noise(8 << 20)
	var report struct {
		BytesNew int64 `json:"bytes_new"`
	}
	c.decode(statusOK, &report, "backup", "-", "--name", "endless")
	t.Logf("of 8 MiB the next run stored %d bytes", report.BytesNew)
	c.must("verify")
}
