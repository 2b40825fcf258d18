//go:build linux

package endtoend

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// land is a folder under construction.
type land struct {
	t     testing.TB
	dir   string
	bytes *rand.ChaCha8
}

func newLand(t testing.TB, dir string) *land {
	require.NoError(t, os.MkdirAll(dir, 0o755))
	return &land{t, dir, rand.NewChaCha8([32]byte{byte(len(dir))})}
}

func (l *land) path(name string) string { return filepath.Join(l.dir, name) }

// file writes a file, and the folders above it.
func (l *land) file(name string, data []byte) string {
	l.t.Helper()
	require.NoError(l.t, os.MkdirAll(filepath.Dir(l.path(name)), 0o755))
	require.NoError(l.t, os.WriteFile(l.path(name), data, 0o644))
	return l.path(name)
}

// noise returns bytes that do not compress.
func (l *land) noise(n int) []byte {
	data := make([]byte, n)
	_, _ = l.bytes.Read(data) // never fails
	return data
}

// prose returns bytes that do.
func (l *land) prose(n int) []byte {
	words := []string{"backup", "restore", "heir", "loom", "chunk", "of ", "the ", "a "}
	var data []byte
	for len(data) < n {
		data = append(data, words[l.bytes.Uint64()%uint64(len(words))]...)
	}
	return data[:n]
}

// sparse writes a file that is nearly all hole.
func (l *land) sparse(name string, size int64, at ...int64) string {
	l.t.Helper()
	file, err := os.Create(l.path(name))
	require.NoError(l.t, err)
	require.NoError(l.t, file.Truncate(size))
	for _, offset := range at {
		_, err := file.WriteAt(l.noise(8192), offset)
		require.NoError(l.t, err)
	}
	require.NoError(l.t, file.Close())
	return l.path(name)
}

func (l *land) symlink(target, name string) {
	l.t.Helper()
	require.NoError(l.t, os.Symlink(target, l.path(name)))
}

func (l *land) attribute(name, key, value string) {
	l.t.Helper()
	require.NoError(l.t, unix.Lsetxattr(l.path(name), key, []byte(value), 0))
}

// old sets the time of an entry, symlinks not followed, to one with all of its nanoseconds in use.
func (l *land) old(name string, when time.Time) {
	l.t.Helper()
	ts := unix.NsecToTimespec(when.UnixNano())
	require.NoError(l.t, unix.UtimesNanoAt(unix.AT_FDCWD, l.path(name), []unix.Timespec{ts, ts}, unix.AT_SYMLINK_NOFOLLOW))
}

// crowd writes many small files in several folders.
func (l *land) crowd(name string, count int) {
	l.t.Helper()
	for i := range count {
		l.file(fmt.Sprintf("%s/%02d/%04d", name, i%10, i), l.prose(20+i%3000))
	}
}

func (l *land) pipe(name string, mode uint32) {
	l.t.Helper()
	require.NoError(l.t, unix.Mkfifo(l.path(name), mode))
}

// byteRange is a part of a file.
type byteRange struct{ offset, length int64 }

// requireLost checks that a salvaged file is the original but for zeros in some ranges, which are not all of it.
func (l *land) requireLost(salvaged, name string, lost []byteRange) {
	l.t.Helper()
	want, err := os.ReadFile(l.path(name))
	require.NoError(l.t, err)
	got, err := os.ReadFile(salvaged)
	require.NoError(l.t, err)
	var sum int64
	for _, r := range lost {
		clear(want[r.offset : r.offset+r.length])
		sum += r.length
	}
	require.Less(l.t, sum, int64(len(want)))
	require.True(l.t, bytes.Equal(want, got))
}
