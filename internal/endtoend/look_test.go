//go:build linux

package endtoend

import (
	"crypto/sha256"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// tableau is a folder and everything below it, by slash-separated path; "." is the folder itself.
type tableau map[string]facts

// facts are what a restore has to bring back of one entry. They are comparable.
type facts struct {
	mode     uint32 // st_mode, type included
	uid, gid uint32
	mtime    unix.Timespec
	size     int64 // of files
	rdev     uint64
	target   string
	content  [sha256.Size]byte
	xattrs   string // names and values, quoted
	twin     string // of hard links, the first path
}

func (f facts) folder() bool { return f.mode&unix.S_IFMT == unix.S_IFDIR }

// look sees a folder with system calls of its own, sharing no code with what it checks.
func look(t testing.TB, dir string) tableau {
	t.Helper()
	fd, err := unix.Open(dir, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	require.NoError(t, err, dir)
	l := &looker{t: t, seen: tableau{}, first: map[[2]uint64]string{}}
	l.entry(fd, ".", ".")
	l.folder(fd, "")
	return l.seen
}

type looker struct {
	t     testing.TB
	seen  tableau
	first map[[2]uint64]string // device and inode of hard links
}

// folder looks at what is in the folder that is open as fd, and closes it. Going by descriptors, it can go deeper than
// a path can name.
func (l *looker) folder(fd int, at string) {
	dir := os.NewFile(uintptr(fd), at)
	defer dir.Close()
	names, err := dir.Readdirnames(-1)
	require.NoError(l.t, err, at)
	slices.Sort(names)
	for _, name := range names {
		p := path.Join(at, name)
		if l.entry(fd, name, p).folder() {
			below, err := unix.Openat(fd, name, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
			require.NoError(l.t, err, p)
			l.folder(below, p)
		}
	}
}

func (l *looker) entry(fd int, name, p string) facts {
	var st unix.Stat_t
	require.NoError(l.t, unix.Fstatat(fd, name, &st, unix.AT_SYMLINK_NOFOLLOW), p)
	f := facts{mode: st.Mode, uid: st.Uid, gid: st.Gid, mtime: st.Mtim, rdev: st.Rdev}
	f.xattrs = l.attributes(fd, name, p)
	switch st.Mode & unix.S_IFMT {
	case unix.S_IFREG:
		f.size, f.content = st.Size, l.content(fd, name, p)
	case unix.S_IFLNK:
		target := make([]byte, 1<<16)
		n, err := unix.Readlinkat(fd, name, target)
		require.NoError(l.t, err, p)
		f.target = string(target[:n])
	}
	if !f.folder() && st.Nlink > 1 {
		id := [2]uint64{uint64(st.Dev), st.Ino}
		if l.first[id] == "" {
			l.first[id] = p
		}
		f.twin = l.first[id]
	}
	l.seen[p] = f
	return f
}

func (l *looker) content(fd int, name, p string) (sum [sha256.Size]byte) {
	file, err := unix.Openat(fd, name, unix.O_RDONLY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	require.NoError(l.t, err, p)
	r := os.NewFile(uintptr(file), p)
	defer r.Close()
	h := sha256.New()
	_, err = io.Copy(h, r)
	require.NoError(l.t, err, p)
	return [sha256.Size]byte(h.Sum(nil))
}

// attributes goes by /proc, which names an entry of an open folder whatever the length of its path.
func (l *looker) attributes(fd int, name, p string) string {
	at := fmt.Sprintf("/proc/self/fd/%d/%s", fd, name)
	list := make([]byte, 1<<16)
	n, err := unix.Llistxattr(at, list)
	if err == unix.ENOTSUP {
		return ""
	}
	require.NoError(l.t, err, p)
	names := strings.Split(strings.TrimRight(string(list[:n]), "\x00"), "\x00")
	slices.Sort(names)
	var text strings.Builder
	for _, name := range names {
		if name == "" || name == "security.selinux" {
			continue
		}
		value := make([]byte, 1<<16)
		n, err := unix.Lgetxattr(at, name, value)
		require.NoError(l.t, err, "%s of %s", name, p)
		fmt.Fprintf(&text, "%s=%q ", name, value[:n])
	}
	return text.String()
}

// requireSame compares two folders and names what differs.
func requireSame(t testing.TB, want, got tableau) {
	t.Helper()
	if d := want.differences(got); len(d) > 0 {
		t.Fatalf("%d differences, such as\n%s", len(d), strings.Join(d[:min(len(d), 20)], "\n"))
	}
}

func (w tableau) differences(got tableau) (list []string) {
	for _, p := range slices.Sorted(maps.Keys(w)) {
		if g, ok := got[p]; !ok {
			list = append(list, fmt.Sprintf("%q is missing", p))
		} else if w[p] != g {
			list = append(list, fmt.Sprintf("%q\n\twas %+v\n\tis  %+v", p, w[p], g))
		}
	}
	for _, p := range slices.Sorted(maps.Keys(got)) {
		if _, ok := w[p]; !ok {
			list = append(list, fmt.Sprintf("%q is too much", p))
		}
	}
	return list
}
