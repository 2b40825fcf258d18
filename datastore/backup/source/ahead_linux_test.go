package source

import (
	"bytes"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
	"pgregory.net/rapid"
)

func bigFile(t testing.TB, size int) (path string, data []byte) {
	data = make([]byte, size)
	rand.NewChaCha8([32]byte{}).Read(data)
	path = filepath.Join(t.TempDir(), "image")
	require.NoError(t, os.WriteFile(path, data, 0o600))
	return path, data
}

func openPast(t testing.TB, path string) *ahead {
	f, err := os.Open(path)
	require.NoError(t, err)
	t.Cleanup(func() { f.Close() })
	st, err := f.Stat()
	require.NoError(t, err)
	a, ok := readAhead(int(f.Fd()), st.Size()).(*ahead)
	if !ok {
		t.Skip("the file system of temporary files cannot be read past the cache")
	}
	t.Cleanup(func() { require.NoError(t, a.close()) })
	return a
}

// Whatever is asked for, in whatever order, the bytes are those of the file.
func TestAheadReadsWhatIsThere(t *testing.T) {
	for name, size := range map[string]int{
		"empty": 0, "a byte": 1, "a page": 4096, "a page and a byte": 4097, "a block": aheadBytes,
		"a block less a byte": aheadBytes - 1, "some blocks": 3*aheadBytes + 12_345,
	} {
		t.Run(name, func(t *testing.T) {
			path, data := bigFile(t, size)
			a := openPast(t, path)
			rapid.Check(t, func(t *rapid.T) {
				offset := rapid.IntRange(0, size+10).Draw(t, "offset")
				want := data[min(offset, size):]
				p := make([]byte, rapid.SampledFrom([]int{0, 1, 100, 4096, 70_000, aheadBytes + 1}).Draw(t, "length"))
				n, err := a.ReadAt(p, int64(offset))
				require.Equal(t, min(len(p), len(want)), n)
				require.True(t, bytes.Equal(want[:n], p[:n]))
				if n < len(p) {
					require.ErrorIs(t, err, io.EOF)
				} else {
					require.NoError(t, err)
				}
			})
		})
	}
}

func TestAheadInOrder(t *testing.T) {
	path, data := bigFile(t, 5*aheadBytes+777)
	got, err := io.ReadAll(io.NewSectionReader(openPast(t, path), 0, 1<<40))
	require.NoError(t, err)
	require.True(t, bytes.Equal(data, got))
}

func TestAheadConcurrently(t *testing.T) {
	path, data := bigFile(t, 4*aheadBytes)
	a := openPast(t, path)
	var group sync.WaitGroup
	for g := range 4 {
		group.Go(func() {
			p := make([]byte, 10_000)
			for i := range 50 {
				at := (g*50 + i) * 41_000 % (len(data) - len(p))
				n, err := a.ReadAt(p, int64(at))
				if err != nil || !bytes.Equal(data[at:at+n], p) {
					t.Errorf("%d bytes at %d: %v", n, at, err)
				}
			}
		})
	}
	group.Wait()
}

// A file that has become shorter ends where it ends now, and one that has grown is read as far as it is asked for.
func TestAheadWhenTheSizeChanges(t *testing.T) {
	path, data := bigFile(t, 2*aheadBytes)
	a := openPast(t, path)
	require.NoError(t, os.Truncate(path, 5000))
	p := make([]byte, 10_000)
	n, err := a.ReadAt(p, 0)
	require.ErrorIs(t, err, io.EOF)
	require.True(t, bytes.Equal(data[:5000], p[:n]))

	path, data = bigFile(t, 5000)
	a = openPast(t, path)
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	require.NoError(t, err)
	_, err = f.Write(data)
	require.NoError(t, err)
	require.NoError(t, f.Close())
	n, err = a.ReadAt(p, 0)
	require.NoError(t, err)
	require.True(t, bytes.Equal(append(data, data...), p[:n]))
}

// A file system that refuses only when it is read, as some do, is read through the cache from then on. Here it is the
// memory that makes it refuse: it is not aligned.
func TestAheadFallsBack(t *testing.T) {
	path, data := bigFile(t, 100_000)
	a := openPast(t, path)
	for i := range a.spare {
		a.spare[i] = make([]byte, aheadBytes+1)[1:]
	}
	a.now.room = make([]byte, aheadBytes+1)[1:]
	p := make([]byte, len(data))
	n, err := a.ReadAt(p, 0)
	require.NoError(t, err)
	require.True(t, bytes.Equal(data, p[:n]))
	flags, err := unix.FcntlInt(uintptr(a.fd), unix.F_GETFL, 0)
	require.NoError(t, err)
	require.Zero(t, flags&unix.O_DIRECT)
}

func TestAheadNamesNoDescriptor(t *testing.T) {
	path, _ := bigFile(t, 10)
	a := openPast(t, path)
	a.fd = -1
	_, err := a.ReadAt(make([]byte, 5), 0)
	require.ErrorIs(t, err, unix.EBADF)
	require.Nil(t, readAhead(-1, 10))
}

// An image is not left in the cache, and its Close waits for what is being read.
func TestImageIsReadPastTheCache(t *testing.T) {
	path, data := bigFile(t, 3*aheadBytes)
	openPast(t, path) // or the test is skipped
	f, err := openImage(path, filepath.Base(path))
	require.NoError(t, err)
	p := make([]byte, 1000)
	_, err = io.ReadFull(f, p)
	require.NoError(t, err)
	require.True(t, bytes.Equal(data[:1000], p))
	flags, err := unix.FcntlInt(uintptr(f.(*imageFile).fd), unix.F_GETFL, 0)
	require.NoError(t, err)
	require.NotZero(t, flags&unix.O_DIRECT)
	require.NoError(t, f.Close())
	_, err = f.Read(p)
	require.Error(t, err)
}

func BenchmarkImage(b *testing.B) {
	path, data := bigFile(b, 16*aheadBytes)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		f, err := openImage(path, filepath.Base(path))
		require.NoError(b, err)
		_, err = io.Copy(io.Discard, f)
		require.NoError(b, err)
		require.NoError(b, f.Close())
	}
}
