package source_test

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/heirloom-backup/heirloom/datastore/backup/source"
	"github.com/heirloom-backup/heirloom/datastore/backup/source/sourcetest"
	"github.com/heirloom-backup/heirloom/datastore/tree"
	"github.com/heirloom-backup/heirloom/internal/needs"
)

func TestTypesOfEntries(t *testing.T) {
	needs.That(t, os.Getuid() == 0, "root, to make devices")
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	plant(t, dir, "file", "folder/")
	require.NoError(t, os.Symlink("../any\xffwhere", in("link")))
	require.NoError(t, unix.Mkfifo(in("fifo"), 0o600))
	require.NoError(t, unix.Mknod(in("char"), unix.S_IFCHR|0o640, int(unix.Mkdev(1, 3))))
	require.NoError(t, unix.Mknod(in("block"), unix.S_IFBLK|0o660, int(unix.Mkdev(259, 70000))))
	socket, err := net.Listen("unix", in("socket"))
	require.NoError(t, err)
	defer socket.Close()
	require.NoError(t, os.Chown(in("file"), 1234, 5678))
	require.NoError(t, unix.Chmod(in("file"), 0o6751))
	require.NoError(t, os.Lchown(in("link"), 4321, 8765))

	src := source.Folder(dir, source.FolderOptions{})
	sourcetest.Run(t, src)
	e := save(t, src).entries
	for name, want := range map[string]tree.Type{
		"file": tree.File, "folder": tree.Dir, "link": tree.Symlink, "fifo": tree.FIFO, "socket": tree.Socket,
		"char": tree.CharDevice, "block": tree.BlockDevice,
	} {
		require.Equal(t, want, e[name].Type, name)
		require.NotZero(t, e[name].Inode)
		require.NotZero(t, e[name].ChangeTime)
	}
	require.Equal(t, []uint32{0o6751, 1234, 5678}, []uint32{e["file"].Mode, e["file"].UID, e["file"].GID})
	require.Equal(t, []uint32{4321, 8765}, []uint32{e["link"].UID, e["link"].GID})
	require.Equal(t, "../any\xffwhere", e["link"].Target)
	require.Equal(t, []uint32{1, 3}, []uint32{e["char"].Major, e["char"].Minor})
	require.Equal(t, []uint32{259, 70000}, []uint32{e["block"].Major, e["block"].Minor})
}

func TestHardLinks(t *testing.T) {
	dir := t.TempDir()
	plant(t, dir, "one", "sub/", "alone", "two")
	require.NoError(t, os.Link(filepath.Join(dir, "one"), filepath.Join(dir, "sub/also one")))
	require.NoError(t, os.Link(filepath.Join(dir, "two"), filepath.Join(dir, "2")))
	require.NoError(t, unix.Mkfifo(filepath.Join(dir, "fifo"), 0o600))
	require.NoError(t, os.Link(filepath.Join(dir, "fifo"), filepath.Join(dir, "fifo 2")))

	e := save(t, source.Folder(dir, source.FolderOptions{})).entries
	require.NotZero(t, e["one"].Link)
	require.Equal(t, e["one"].Link, e["sub/also one"].Link)
	require.Equal(t, e["two"].Link, e["2"].Link)
	require.NotEqual(t, e["one"].Link, e["two"].Link)
	require.Equal(t, e["fifo"].Link, e["fifo 2"].Link)
	require.Zero(t, e["alone"].Link)
	require.Zero(t, e["sub"].Link)
	again := save(t, source.Folder(dir, source.FolderOptions{})).entries
	require.Equal(t, e["one"].Link, again["one"].Link)
}

func TestExtendedAttributes(t *testing.T) {
	err := unix.Setxattr(t.TempDir(), "trusted.probe", []byte("x"), 0)
	needs.That(t, os.Getuid() == 0 && err == nil, "root with CAP_SYS_ADMIN, for trusted attributes and capabilities")
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	plant(t, dir, "file", "acl/", "cap", "deep/er/x")
	require.NoError(t, os.Symlink("file", in("link")))
	large := bytes.Repeat([]byte("v"), 3000)
	set := func(path, name string, value []byte) {
		require.NoError(t, unix.Lsetxattr(path, name, value, 0), name)
	}
	set(in("file"), "user.z", []byte("last"))
	set(in("file"), "user.large", large)
	set(in("file"), "trusted.empty", nil)
	set(in("link"), "trusted.of a link", []byte("l"))
	set(in("deep/er/x"), "user.x", []byte{0, 1, 255})
	set(dir, "user.root", []byte("r"))
	run(t, "setfacl", "-m", "u:1234:rx", "-d", "-m", "g:99:w", in("acl"))
	run(t, "setfacl", "-m", "u:1234:rx", in("acl"))
	run(t, "setcap", "cap_net_raw+ep", in("cap"))

	got := save(t, source.Folder(dir, source.FolderOptions{}))
	require.Empty(t, got.problems)
	require.Equal(t, []tree.Xattr{{Name: "trusted.empty", Value: []byte{}}, {Name: "user.large", Value: large},
		{Name: "user.z", Value: []byte("last")}}, got.entries["file"].Xattrs)
	require.Equal(t, []tree.Xattr{{Name: "trusted.of a link", Value: []byte("l")}}, got.entries["link"].Xattrs)
	require.Equal(t, []tree.Xattr{{Name: "user.x", Value: []byte{0, 1, 255}}}, got.entries["deep/er/x"].Xattrs)
	require.Equal(t, []tree.Xattr{{Name: "user.root", Value: []byte("r")}}, got.root.Xattrs)
	require.Equal(t, []string{"system.posix_acl_access", "system.posix_acl_default"}, names(got.entries["acl"]))
	require.Equal(t, []string{"security.capability"}, names(got.entries["cap"]))
	require.Empty(t, got.entries["deep"].Xattrs)
}

func names(e tree.Entry) (all []string) {
	for _, x := range e.Xattrs {
		all = append(all, x.Name)
	}
	return all
}

func run(t *testing.T, program string, arguments ...string) {
	t.Helper()
	_, err := exec.LookPath(program)
	needs.That(t, err == nil, program)
	out, err := exec.Command(program, arguments...).CombinedOutput()
	require.NoError(t, err, string(out))
}

func TestNames(t *testing.T) {
	dir := t.TempDir()
	odd := []string{"\xff\xfe", "a\nb", " ", "-", "A", "a", "a b", "é", "e\u0301", "*", `\`, strings.Repeat("n", 255)}
	plant(t, dir, odd...)

	sourcetest.Run(t, source.Folder(dir, source.FolderOptions{}))
	got := save(t, source.Folder(dir, source.FolderOptions{}))
	require.ElementsMatch(t, odd, got.paths())
	require.Equal(t, "\xff\xfe", got.contents["\xff\xfe"])
	got = save(t, source.Folder(dir, source.FolderOptions{Exclude: []string{"\xff*", "n*"}}))
	require.Len(t, got.paths(), len(odd)-2)
}

func TestPathsLongerThanTheSystemTakes(t *testing.T) {
	root, err := os.OpenRoot(t.TempDir())
	require.NoError(t, err)
	base, name := root.Name(), strings.Repeat("d", 250)
	for range 20 {
		require.NoError(t, root.Mkdir(name, 0o755))
		below, err := root.OpenRoot(name)
		require.NoError(t, err)
		require.NoError(t, root.Close())
		root = below
	}
	require.NoError(t, root.WriteFile("x", []byte("deep"), 0o644))
	require.NoError(t, root.Symlink("target", "y"))
	require.NoError(t, root.Close())

	src := source.Folder(base, source.FolderOptions{Exclude: []string{"none"}})
	sourcetest.Run(t, src)
	got := save(t, src)
	require.Empty(t, got.problems)
	bottom := strings.Repeat(name+"/", 20)
	require.Greater(t, len(bottom), 4096)
	require.Equal(t, "deep", got.contents[bottom+"x"])
	require.Equal(t, "target", got.entries[bottom+"y"].Target)
}

func TestFileIsReplacedBySomethingThatWaits(t *testing.T) {
	dir := t.TempDir()
	root := openRoot(t, dir, source.FolderOptions{})
	require.NoError(t, unix.Mkfifo(filepath.Join(dir, "fifo"), 0o600))
	socket, err := net.Listen("unix", filepath.Join(dir, "socket"))
	require.NoError(t, err)
	defer socket.Close()

	for _, name := range []string{"fifo", "socket"} {
		_, err := root.OpenFile(t.Context(), name)
		require.ErrorIs(t, err, source.ErrReplaced, name)
		_, err = root.OpenDir(t.Context(), name)
		require.ErrorIs(t, err, source.ErrReplaced, name)
	}
}

func TestUnreadable(t *testing.T) {
	needs.That(t, os.Getuid() == 0, "root, to become somebody else")
	dir := t.TempDir()
	for above := dir; above != filepath.Clean(os.TempDir()) && above != "/"; above = filepath.Dir(above) {
		require.NoError(t, os.Chmod(above, 0o755))
	}
	plant(t, dir, "file", "folder/x", "listed/x", "readable")
	require.NoError(t, unix.Setxattr(filepath.Join(dir, "file"), "user.secret", []byte("s"), 0))
	require.NoError(t, os.Chmod(filepath.Join(dir, "file"), 0))
	require.NoError(t, os.Chmod(filepath.Join(dir, "folder"), 0))
	require.NoError(t, os.Chmod(filepath.Join(dir, "listed"), 0o744))
	asNobody(t)
	_, err := os.ReadDir(dir)
	needs.That(t, err == nil, fmt.Sprintf("a temporary folder that everybody may enter: %v", err))

	got := save(t, source.Folder(dir, source.FolderOptions{}))
	require.Equal(t, []string{"file", "folder", "listed", "readable"}, got.paths())
	require.Equal(t, map[string]string{"readable": "readable"}, got.contents)
	for path, says := range map[string]string{
		"file": "open " + dir + "/file: permission denied", "folder": "open " + dir + "/folder: permission denied",
		"listed/x": "lstat: permission denied"} {
		require.ErrorIs(t, got.problems[path], fs.ErrPermission)
		require.EqualError(t, got.problems[path], says)
	}
	require.Len(t, got.problems, 3)
	err = openRoot(t, dir, source.FolderOptions{}).Detail(t.Context(), &tree.Entry{Name: "file", Type: tree.File})
	require.EqualError(t, err, "read attributes "+dir+"/file: user.secret: permission denied")

	got = save(t, source.Folder(dir, source.FolderOptions{Exclude: []string{"x", "/f*"}}))
	require.Empty(t, got.problems, "of what is excluded nobody wants to hear")
}

// asNobody takes the rights of root over files from this test.
func asNobody(t *testing.T) {
	runtime.LockOSThread()
	_, err := unix.SetfsuidRetUid(65534)
	require.NoError(t, err)
	t.Cleanup(func() {
		_, err := unix.SetfsuidRetUid(0)
		require.NoError(t, err)
		runtime.UnlockOSThread()
	})
}

func TestOneFileSystem(t *testing.T) {
	dir := t.TempDir()
	plant(t, dir, "here/x", "mounted/covered")
	point := filepath.Join(dir, "mounted")
	err := unix.Mount("tmpfs", point, "tmpfs", 0, "size=1m,mode=0711")
	needs.That(t, err == nil, "root, to mount a tmpfs")
	defer func() { require.NoError(t, unix.Unmount(point, 0)) }()
	plant(t, dir, "mounted/there")

	require.Equal(t, []string{"here", "here/x", "mounted", "mounted/there"},
		save(t, source.Folder(dir, source.FolderOptions{})).paths())
	var out []string
	got := save(t, source.Folder(dir, source.FolderOptions{OneFileSystem: true,
		Excluded: func(path string) { out = append(out, path) }}))
	require.Equal(t, []string{"here", "here/x", "mounted"}, got.paths())
	require.Equal(t, uint32(0o711), got.entries["mounted"].Mode)
	require.Equal(t, []string{"mounted"}, out)
	require.Equal(t, []string{"there"}, save(t, source.Folder(point, source.FolderOptions{OneFileSystem: true})).paths())
}

// makeSparse makes a file of 4 MiB with data in its second mebibyte alone.
func makeSparse(t *testing.T, path string) {
	f, err := os.Create(path)
	require.NoError(t, err)
	require.NoError(t, f.Truncate(4<<20))
	_, err = f.WriteAt(bytes.Repeat([]byte("x"), 1<<20), 1<<20)
	require.NoError(t, err)
	require.NoError(t, f.Close())
}

// ranges reads where a file says its data is.
func ranges(t *testing.T, f source.Sparse) (all [][2]int64) {
	for at := int64(0); ; {
		start, end, err := f.NextData(at)
		if err == io.EOF {
			return all
		}
		require.NoError(t, err)
		all = append(all, [2]int64{start, end})
		at = end
	}
}

func TestSparseFiles(t *testing.T) {
	dir := t.TempDir()
	makeSparse(t, filepath.Join(dir, "sparse"))
	plant(t, dir, "full")
	src := source.Folder(dir, source.FolderOptions{})
	sourcetest.Run(t, src)
	root := openRoot(t, dir, source.FolderOptions{})

	f, err := root.OpenFile(t.Context(), "sparse")
	require.NoError(t, err)
	require.Implements(t, (*source.Sparse)(nil), f)
	require.Equal(t, [][2]int64{{1 << 20, 2 << 20}}, ranges(t, f.(source.Sparse)))
	data, err := io.ReadAll(f)
	require.NoError(t, err)
	require.Len(t, data, 4<<20, "to look for holes does not move what Read reads")
	require.NoError(t, f.Close())
	require.ErrorIs(t, f.Close(), fs.ErrClosed)

	f, err = root.OpenFile(t.Context(), "full")
	require.NoError(t, err)
	_, sparse := f.(source.Sparse)
	require.False(t, sparse, "nobody should look for holes where there are none")
	require.NoError(t, f.Close())
}
