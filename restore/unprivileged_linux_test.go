package restore_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/tree"
	"github.com/heirloom-backup/heirloom/restore"
)

// foreign is a snapshot of what only root can restore as it was.
func foreign(t *testing.T) (*fake, chunk.ID) {
	tool := file("tool", "x")
	tool.UID, tool.Mode = 4242, 0o4755
	other := file("other", "y")
	other.UID = 4242
	device := own(tree.Entry{Name: "disk", Type: tree.BlockDevice, Major: 7, Mode: 0o600, Link: 3})
	again := own(tree.Entry{Name: "disk2", Type: tree.BlockDevice, Major: 7, Mode: 0o600, Link: 3})
	return prepare(t, dir("top", device, again, other, tool))
}

// TestUnprivileged restores as a user who may not do all of it: each thing that is not as it was is said.
func TestUnprivileged(t *testing.T) {
	if os.Geteuid() == 0 {
		asNobody(t, "TestUnprivileged")
		return
	}
	f, root := foreign(t)
	dest := t.TempDir()
	result, err := restore.Tree(t.Context(), f, root, dest, restore.Options{NoSync: true})
	require.NoError(t, err)
	reasons := map[string]string{}
	for _, w := range result.Warnings {
		reasons[w.Path] = w.Reason
	}
	require.Len(t, reasons, 3)
	require.Contains(t, reasons["disk"], "the block device was not restored")
	require.Contains(t, reasons["disk2"], "a hard link of something that was not restored")
	require.Contains(t, reasons["other"], "1 more like it", "owners are summed up")

	st, err := os.Stat(filepath.Join(dest, "tool"))
	require.NoError(t, err)
	require.Zero(t, st.Mode()&os.ModeSetuid, "it would run as the wrong user")
}

// asNobody runs one test of this program as a user without rights.
func asNobody(t *testing.T, name string) {
	folder, err := os.MkdirTemp("", "restore-test")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(folder)) })
	require.NoError(t, os.Chmod(folder, 0o777))
	self, err := os.Executable()
	require.NoError(t, err)
	program, err := os.ReadFile(self)
	require.NoError(t, err)
	copied := filepath.Join(folder, "test")
	require.NoError(t, os.WriteFile(copied, program, 0o755))

	cmd := exec.CommandContext(t.Context(), copied, "-test.run", "^"+name+"$", "-test.v")
	cmd.Dir, cmd.Env = folder, append(os.Environ(), "TMPDIR="+folder)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Contains(t, string(out), "--- PASS: "+name)
}
