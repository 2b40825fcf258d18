//go:build linux

package endtoend

import (
	"net"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/heirloom-backup/heirloom/internal/needs"
)

// TestMetadata saves and restores everything that a file system keeps about files.
func TestMetadata(t *testing.T) {
	needRoot(t)
	err := unix.Setxattr(t.TempDir(), "trusted.probe", []byte("x"), 0)
	needs.That(t, err == nil, "CAP_SYS_ADMIN, and a file system that has trusted attributes")
	s := newShell(t)
	l := newLand(t, s.path("data"))
	l.everything()
	want := look(t, l.dir)
	s.must("init")
	first := s.backup("data")
	require.True(t, first.Complete)
	second := s.backup("data", "--mode", "full")
	for _, address := range []string{first.Snapshot, second.Snapshot} {
		back := s.path("back")
		got := s.run("restore", address, back)
		require.Zero(t, got.status, got.stderr)
		requireSame(t, want, look(t, back))
		for _, name := range []string{"sparse", "all hole", "ends in a hole"} {
			// File systems place extents, and what they know of them, as they like; the holes are of 5 to 64 MiB.
			require.InDelta(t, allocated(t, l.path(name)), allocated(t, back+"/"+name), 128<<10, "allocated for %s", name)
		}
		out, err := exec.Command("diff", "-r", "--no-dereference", l.path("plain"), back+"/plain").CombinedOutput()
		require.NoError(t, err, string(out))
		s.must("restore", "--overwrite", address, back)
		requireSame(t, want, look(t, back))
		require.NoError(t, os.RemoveAll(back))
	}
}

// everything makes one of each.
func (l *land) everything() {
	t := l.t
	l.crowd("plain/small", 50)
	l.file("plain/large", l.noise(3<<20))
	l.symlink("large", "plain/link")
	for name, mode := range map[string]uint32{"setuid": 0o4755, "setgid": 0o2755, "none": 0, "sticky file": 0o1644, "all": 0o7777} {
		l.file(name, []byte(name))
		require.NoError(t, os.Chown(l.path(name), 1234, 5678))
		require.NoError(t, unix.Chmod(l.path(name), mode))
	}
	l.folder("sticky", 0o1777)
	l.folder("setgid folder", 0o2770)
	l.folder("closed", 0)
	require.NoError(t, os.Lchown(l.path("plain/link"), 4321, 65534))
	l.attribute("plain", "user.on a folder", "value")
	l.attribute("plain/large", "user.empty", "")
	l.attribute("plain/large", "trusted.binary", "\x00\xff")
	l.attribute("plain/link", "trusted.of a link", "x")
	l.with("setfacl", "-m", "u:1234:rwx,g:99:r", "plain/large")
	l.with("setfacl", "-m", "u:1234:rwx", "-m", "d:u:1:rx", "plain/small")
	l.file("capable", []byte("x"))
	l.with("setcap", "cap_net_raw,cap_sys_time+ep", "capable")
	require.NoError(t, os.Link(l.path("plain/large"), l.path("twin")))
	require.NoError(t, os.Link(l.path("plain/link"), l.path("twin of a link")))
	l.pipe("fifo", 0o640)
	require.NoError(t, os.Link(l.path("fifo"), l.path("twin of a fifo")))
	require.NoError(t, unix.Mknod(l.path("null"), unix.S_IFCHR|0o666, int(unix.Mkdev(1, 3))))
	require.NoError(t, unix.Mknod(l.path("disk"), unix.S_IFBLK|0o660, int(unix.Mkdev(259, 70000))))
	l.socket("socket")
	l.sparse("sparse", 64<<20, 0, 20<<20, 40<<20)
	l.sparse("all hole", 10<<20)
	l.sparse("ends in a hole", 5<<20+17, 8192)
	for i, name := range []string{"plain/link", "fifo", "null", "setuid", "plain/small/00", "plain/small", "plain", "."} {
		l.old(name, time.Date(1950+20*i, 2, 3, 4, 5, 6, 123456789+i, time.UTC))
	}
}

func (l *land) folder(name string, mode uint32) {
	l.t.Helper()
	require.NoError(l.t, os.Mkdir(l.path(name), 0o755))
	l.file(name+"/inside", []byte("inside"))
	require.NoError(l.t, unix.Chmod(l.path(name), mode))
}

// with runs a tool of the system on an entry, which is the last argument.
func (l *land) with(tool string, args ...string) {
	l.t.Helper()
	if _, err := exec.LookPath(tool); err != nil {
		l.t.Logf("without %s", tool)
		return
	}
	cmd := exec.Command(tool, args...)
	cmd.Dir = l.dir
	out, err := cmd.CombinedOutput()
	require.NoError(l.t, err, string(out))
}

func (l *land) socket(name string) {
	l.t.Helper()
	listener, err := net.ListenUnix("unix", &net.UnixAddr{Name: l.path(name), Net: "unix"})
	require.NoError(l.t, err)
	listener.SetUnlinkOnClose(false)
	require.NoError(l.t, listener.Close())
}

func allocated(t testing.TB, name string) int64 {
	var st unix.Stat_t
	require.NoError(t, unix.Lstat(name, &st))
	return st.Blocks * 512
}
