package restore_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/pkg/xattr"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// compare checks that path is what the model says, everything below it included.
func compare(t require.TestingT, path string, o *object) {
	compareEntry(t, path, o, map[uint64]uint64{})
}

func compareEntry(t require.TestingT, path string, o *object, links map[uint64]uint64) {
	var st unix.Stat_t
	require.NoError(t, unix.Lstat(path, &st), path)
	compareMetadata(t, path, o, &st)
	if o.Link != 0 {
		if first, seen := links[o.Link]; seen {
			require.Equal(t, first, st.Ino, "%s is a hard link", path)
		}
		links[o.Link] = st.Ino
	}
	switch o.Type {
	case tree.Dir:
		compareFolder(t, path, o, links)
	case tree.File:
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, string(o.content()), string(data), path)
	case tree.Symlink:
		target, err := os.Readlink(path)
		require.NoError(t, err)
		require.Equal(t, o.Target, target)
	case tree.CharDevice, tree.BlockDevice:
		require.Equal(t, unix.Mkdev(o.Major, o.Minor), st.Rdev)
	}
}

func compareFolder(t require.TestingT, path string, o *object, links map[uint64]uint64) {
	var want, got []string
	for _, c := range o.children {
		want = append(want, c.Name)
		compareEntry(t, filepath.Join(path, c.Name), c, links)
	}
	list, err := os.ReadDir(path)
	require.NoError(t, err)
	for _, e := range list {
		got = append(got, e.Name())
	}
	slices.Sort(got)
	require.Equal(t, want, got, path)
}

func compareMetadata(t require.TestingT, path string, o *object, st *unix.Stat_t) {
	kinds := map[tree.Type]uint32{tree.File: unix.S_IFREG, tree.Dir: unix.S_IFDIR, tree.Symlink: unix.S_IFLNK,
		tree.FIFO: unix.S_IFIFO, tree.Socket: unix.S_IFSOCK, tree.CharDevice: unix.S_IFCHR, tree.BlockDevice: unix.S_IFBLK}
	require.Equal(t, kinds[o.Type], st.Mode&unix.S_IFMT, path)
	if o.Type != tree.Symlink {
		require.Equal(t, o.Mode, st.Mode&0o7777, "mode of %s", path)
	}
	if os.Geteuid() == 0 {
		require.Equal(t, []uint32{o.UID, o.GID}, []uint32{st.Uid, st.Gid}, "owner of %s", path)
	}
	require.Equal(t, o.ModTime, tree.Time{Sec: st.Mtim.Sec, Nsec: uint32(st.Mtim.Nsec)}, "time of %s", path)
	require.Equal(t, o.Xattrs, attributes(t, path), "attributes of %s", path)
}

func attributes(t require.TestingT, path string) (list []tree.Xattr) {
	names, err := xattr.LList(path)
	require.NoError(t, err)
	slices.Sort(names)
	for _, name := range names {
		if strings.HasPrefix(name, "security.selinux") {
			continue
		}
		value, err := xattr.LGet(path, name)
		require.NoError(t, err)
		list = append(list, tree.Xattr{Name: name, Value: value})
	}
	return list
}

// allocated returns how many bytes a file occupies.
func allocated(t require.TestingT, path string) int64 {
	st, err := os.Stat(path)
	require.NoError(t, err)
	return st.Sys().(*syscall.Stat_t).Blocks * 512
}
