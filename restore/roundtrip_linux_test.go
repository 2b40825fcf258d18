package restore_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
	"pgregory.net/rapid"

	"github.com/heirloom-backup/heirloom/datastore/tree"
	"github.com/heirloom-backup/heirloom/internal/needs"
	"github.com/heirloom-backup/heirloom/restore"
)

// TestRoundTrip restores random snapshots and compares all there is to compare.
func TestRoundTrip(t *testing.T) {
	base, n := t.TempDir(), 0
	rapid.Check(t, func(t *rapid.T) {
		model := &modeler{t: t, root: os.Geteuid() == 0}
		o := model.folder("top", 3)
		f, root := newFake(), [32]byte{}
		root = f.snapshot(t, o)
		n++
		dest := filepath.Join(base, fmt.Sprint(n))
		result, err := restore.Tree(t.Context(), f, root, dest, restore.Options{NoSync: true})
		require.NoError(t, err)
		require.Empty(t, result.Warnings)
		require.Zero(t, result.DamageCount)
		compare(t, dest, o)
		require.Equal(t, model.counted, result.Counters.Files+result.Counters.Dirs+result.Counters.Others)

		// The same again over what is there.
		again, err := restore.Tree(t.Context(), f, root, dest, restore.Options{NoSync: true, Overwrite: true})
		require.NoError(t, err)
		require.Equal(t, result, again)
		compare(t, dest, o)
		require.NoError(t, os.RemoveAll(dest))
	})
}

// modeler draws models of snapshots.
type modeler struct {
	t       *rapid.T
	root    bool
	counted int64
	linked  *object // a file that others may be links to
}

func (m *modeler) folder(name string, depth int) *object {
	m.counted++
	o := &object{Entry: m.entry(name, tree.Dir)}
	o.Mode |= 0o700
	names := rapid.SliceOfNDistinct(rapid.Custom(m.name), 0, 6, rapid.ID[string]).Draw(m.t, "names")
	slices.Sort(names)
	for _, name := range names {
		if depth > 0 && rapid.IntRange(0, 2).Draw(m.t, "folder") == 0 {
			o.children = append(o.children, m.folder(name, depth-1))
		} else {
			o.children = append(o.children, m.other(name))
		}
	}
	return o
}

func (m *modeler) name(t *rapid.T) string {
	raw := rapid.SliceOfN(rapid.SampledFrom([]byte("ab.%\\ \xff\xc3\n*-~0")), 1, 5).Draw(t, "name")
	if name := string(raw); name != "." && name != ".." {
		return name
	}
	return strings.Repeat("n", 255)
}

func (m *modeler) entry(name string, kind tree.Type) tree.Entry {
	t := m.t
	e := tree.Entry{Name: name, Type: kind}
	e.Mode = rapid.Uint32Range(0, 0o7777).Draw(t, "mode")
	e.ModTime = tree.Time{Sec: rapid.Int64Range(-1<<30, 1<<33).Draw(t, "sec"), Nsec: rapid.Uint32Range(0, 999_999_999).Draw(t, "nsec")}
	if m.root {
		e.UID, e.GID = rapid.Uint32Range(0, 70000).Draw(t, "uid"), rapid.Uint32Range(0, 70000).Draw(t, "gid")
	} else {
		e.UID, e.GID = uint32(os.Geteuid()), uint32(os.Getegid())
		e.Mode = e.Mode&0o777 | 0o400 // for the test to read it
	}
	if kind == tree.File || kind == tree.Dir {
		for i := range rapid.IntRange(0, 2).Draw(t, "attributes") {
			e.Xattrs = append(e.Xattrs, tree.Xattr{Name: fmt.Sprintf("user.%d", i), Value: []byte(rapid.StringN(1, 20, 20).Draw(t, "value"))})
		}
	}
	return e
}

func (m *modeler) other(name string) *object {
	m.counted++
	kinds := []tree.Type{tree.File, tree.File, tree.File, tree.Symlink, tree.FIFO, tree.Socket}
	if m.root {
		kinds = append(kinds, tree.CharDevice, tree.BlockDevice)
	}
	o := &object{Entry: m.entry(name, rapid.SampledFrom(kinds).Draw(m.t, "kind"))}
	switch o.Type {
	case tree.File:
		return m.file(o)
	case tree.Symlink:
		o.Target = rapid.SampledFrom([]string{"a", "/etc/passwd", "../../..", "\xff", "."}).Draw(m.t, "target")
	case tree.CharDevice, tree.BlockDevice:
		o.Major, o.Minor = rapid.Uint32Range(0, 300).Draw(m.t, "major"), rapid.Uint32Range(0, 70000).Draw(m.t, "minor")
	}
	return o
}

func (m *modeler) file(o *object) *object {
	if m.linked != nil && rapid.IntRange(0, 3).Draw(m.t, "link") == 0 {
		name := o.Name
		o.Entry, o.parts = m.linked.Entry, m.linked.parts
		o.Name = name
		return o
	}
	for range rapid.SampledFrom([]int{0, 1, 1, 1, 2, 3, 40}).Draw(m.t, "parts") {
		if rapid.IntRange(0, 3).Draw(m.t, "hole") == 0 {
			o.parts = append(o.parts, part{hole: rapid.Int64Range(1, 20000).Draw(m.t, "length")})
		} else {
			o.parts = append(o.parts, part{data: []byte(rapid.StringN(1, 40, 200).Draw(m.t, "data"))})
		}
	}
	if m.linked == nil {
		o.Link = 77
		m.linked = o
	}
	return o
}

// tellsHoles asks the file system whether a file that was only made longer has no data: one that does not know holes
// says that it is nothing but data.
func tellsHoles(t *testing.T, dir string) bool {
	probe, err := os.Create(filepath.Join(dir, "probe"))
	require.NoError(t, err)
	defer probe.Close()
	require.NoError(t, probe.Truncate(1<<20))
	_, err = unix.Seek(int(probe.Fd()), 0, unix.SEEK_DATA)
	return errors.Is(err, unix.ENXIO)
}

// TestHoles checks that what was a hole is one again, and that the rest is not preallocated over it.
func TestHoles(t *testing.T) {
	needs.That(t, tellsHoles(t, t.TempDir()), "a file system that tells where holes are")
	o := file("image")
	block := strings.Repeat("x", 256<<10)
	o.parts = []part{{hole: 64 << 20}, {data: []byte(block)}, {hole: 1 << 40}, {data: []byte(block)}}
	for range 40 { // long enough to be preallocated, and to need nodes of its own
		o.parts = append(o.parts, part{data: []byte(block)})
	}
	o.parts = append(o.parts, part{hole: 1 << 30})
	f, root := prepare(t, dir("top", o))
	dest := t.TempDir()
	result, err := restore.Tree(t.Context(), f, root, dest, restore.Options{})
	require.NoError(t, err)
	require.EqualValues(t, 42*len(block), result.Bytes)

	path := filepath.Join(dest, "image")
	require.Less(t, allocated(t, path), int64(43*len(block)))
	image, err := os.Open(path)
	require.NoError(t, err)
	defer image.Close()
	data, err := unix.Seek(int(image.Fd()), 0, unix.SEEK_DATA)
	require.NoError(t, err)
	require.EqualValues(t, 64<<20, data)
	hole, err := unix.Seek(int(image.Fd()), data, unix.SEEK_HOLE)
	require.NoError(t, err)
	require.EqualValues(t, 64<<20+len(block), hole)
	st, err := image.Stat()
	require.NoError(t, err)
	require.EqualValues(t, o.Size, st.Size())
	require.Equal(t, 1, f.fetched[f.putChunk([]byte(block)).ID], "a chunk wanted often is fetched once")
}

// TestPrivileged restores what takes root: capabilities, ACLs, attributes of symlinks and devices.
func TestPrivileged(t *testing.T) {
	err := unix.Setxattr(t.TempDir(), "trusted.probe", []byte("x"), 0)
	needs.That(t, os.Geteuid() == 0 && err == nil, "root with CAP_SYS_ADMIN, for trusted attributes and capabilities")
	acl := []byte{2, 0, 0, 0, // version; then tag, permissions, id
		1, 0, 6, 0, 255, 255, 255, 255, 2, 0, 4, 0, 57, 48, 0, 0, 4, 0, 4, 0, 255, 255, 255, 255,
		16, 0, 4, 0, 255, 255, 255, 255, 32, 0, 0, 0, 255, 255, 255, 255}
	capability := []byte{1, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}

	tool := file("tool", "binary")
	tool.Mode, tool.UID = 0o4755, 1234
	tool.Xattrs = []tree.Xattr{{Name: "security.capability", Value: capability}, {Name: "user.note", Value: []byte("n")}}
	shared := file("with acl", "text")
	shared.Mode = 0o640
	shared.Xattrs = []tree.Xattr{{Name: "system.posix_acl_access", Value: acl}}
	inherits := dir("with default acl", file("new", "x"), dir("sub"))
	inherits.Mode = 0o740
	inherits.Xattrs = []tree.Xattr{{Name: "system.posix_acl_default", Value: acl}}
	link := symlink("link", "tool")
	link.Xattrs = []tree.Xattr{{Name: "trusted.note", Value: []byte("on the link")}}
	fifo := &object{Entry: tree.Entry{Name: "fifo", Type: tree.FIFO, Mode: 0o622, Xattrs: []tree.Xattr{{Name: "trusted.x", Value: []byte("y")}}}}
	top := dir("top", fifo, link, tool, shared, inherits)

	f, root := prepare(t, top)
	parent := t.TempDir()
	require.NoError(t, unix.Setxattr(parent, "system.posix_acl_default", acl, 0)) // must not be inherited
	dest := filepath.Join(parent, "dest")
	result, err := restore.Tree(t.Context(), f, root, dest, restore.Options{})
	require.NoError(t, err)
	require.Empty(t, result.Warnings)
	compare(t, dest, top)

	_, err = restore.Tree(t.Context(), f, root, dest, restore.Options{Overwrite: true})
	require.NoError(t, err)
	compare(t, dest, top)
}
