package main

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// endless starts a real process that backs up a stream without an end, and returns it when its task runs.
func (c *cli) endless() (cmd *exec.Cmd, stderr *bytes.Buffer, upid string) {
	c.t.Helper()
	program := filepath.Join(c.dir, "heirloom")
	build, err := exec.Command("go", "build", "-buildvcs=false", "-o", program, ".").CombinedOutput()
	require.NoError(c.t, err, "%s", build)
	stderr = new(bytes.Buffer)
	cmd = exec.Command(program, "backup", "-", "--name", "endless", "--store", c.env["HEIRLOOM_STORE"],
		"--cache-dir", c.env["HEIRLOOM_CACHE_DIR"], "--data", c.env["HEIRLOOM_DATA"])
	cmd.Stderr = stderr
	stdin, err := cmd.StdinPipe()
	require.NoError(c.t, err)
	require.NoError(c.t, cmd.Start())
	c.t.Cleanup(func() { _ = stdin.Close(); _ = cmd.Process.Kill(); _ = cmd.Wait() })
	_, err = stdin.Write([]byte(noise(8 << 20))) // more than a pipe holds: when it is written, the backup is reading
	require.NoError(c.t, err)
	running := c.tasks("--status", "running")
	require.Len(c.t, running, 1)
	return cmd, stderr, running[0].UPID
}

// task returns what is recorded of a task.
func (c *cli) task(upid string) (r recordedTask) {
	c.t.Helper()
	c.decode(statusOK, &r, "task", "show", upid)
	return r
}

// TestCancelFromElsewhere stops a task of another process.
func TestCancelFromElsewhere(t *testing.T) {
	c := newRecorded(t)
	c.now = time.Now()
	cmd, stderr, upid := c.endless()
	c.must("task", "cancel", upid, "--reason", "the tape is full")
	require.Error(t, cmd.Wait())
	require.Equal(t, int(statusCancelled), cmd.ProcessState.ExitCode(), stderr.String())
	require.Contains(t, stderr.String(), "cancelled by ada: the tape is full")

	r := c.task(upid)
	require.Equal(t, "cancelled", r.Status)
	require.Equal(t, "cancelled", r.Error.Code)
	require.Equal(t, "cancelled by ada: the tape is full", r.Error.Message)
	require.Contains(t, c.must("task", "log", "--follow", upid), "cancelled by ada: the tape is full")
	require.Equal(t, "[]\n", c.must("snapshots", "--json"))
}

// TestKilledTaskIsInterrupted finds out that the process of a task is gone.
func TestKilledTaskIsInterrupted(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the program is in use there for a moment longer")
	}
	c := newRecorded(t)
	c.now = time.Now()
	cmd, _, upid := c.endless()
	require.NoError(t, cmd.Process.Kill())
	require.Error(t, cmd.Wait())
	require.Len(t, c.tasks("--status", "failed"), 1)
	r := c.task(upid)
	require.Equal(t, "interrupted", r.Error.Code)
	require.NotEmpty(t, r.Error.Tip)
}
