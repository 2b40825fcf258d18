package tree

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/chunk"
)

var update = flag.Bool("update", false, "write the golden files anew: only for a new format version")

// everything is a folder with an entry of every type and every optional field.
func everything() []Entry {
	when := Time{Sec: 1767322845, Nsec: 678900001}
	return []Entry{
		{Name: "block", Type: BlockDevice, Mode: 0o660, GID: 6, Major: 8, Minor: 1},
		{Name: "char", Type: CharDevice, Mode: 0o666, Minor: 3},
		{Name: "dir", Type: Dir, Mode: 0o1755, ModTime: when, ChangeTime: when, Inode: 1 << 40, Tree: goldenID(1)},
		{Name: "empty", Type: File},
		{Name: "fifo", Type: FIFO, ModTime: Time{Sec: -1, Nsec: 5}},
		{Name: "file", Type: File, Mode: 0o4644, UID: 1000, GID: 1000, Link: 7, Size: 1500,
			Extents: []Extent{{goldenID(2), 1000}, {Length: 400}, {goldenID(3), 100}}},
		{Name: "large", Type: File, Size: 1 << 50, Tree: goldenID(4),
			Xattrs: []Xattr{{"security.capability", []byte{1, 0, 0, 2}}, {"user.empty", []byte{}}}},
		{Name: "link", Type: Symlink, Mode: 0o777, Target: "../else where"},
		{Name: "not utf-8: \xff", Type: Socket},
	}
}

func goldenID(b byte) (id chunk.ID) {
	for i := range id {
		id[i] = b<<4 + byte(i)
	}
	return id
}

// golden stores the node as a file of testdata does and compares the two. The returned node is the file's.
func golden(t *testing.T, name string, n Node) Node {
	t.Helper()
	data := append(AppendRefs(nil, n.Refs), n.Body...)
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(path, data, 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, want, data)
	refs, used, err := DecodeRefs(want)
	require.NoError(t, err)
	return Node{Refs: refs, Body: want[used:]}
}

// TestGolden keeps nodes of released versions readable, and the encoding what it is.
func TestGolden(t *testing.T) {
	s := newNodes()
	dir := s.dir(everything()...)
	dirIndex := s.dirIndex("block", goldenID(1), child{first: "mike", id: goldenID(2)})
	list := everything()[5].Extents
	var body []byte
	for _, x := range list {
		body = appendExtent(body, x)
	}
	file := s.add(kindFile, 3, body, Refs{Contents: []chunk.ID{list[0].ID, list[2].ID}})
	fileIndex := s.add(kindFileIndex, 2, appendTotal(appendTotal(nil, 1500), 1<<50),
		Refs{Trees: []chunk.ID{goldenID(3), goldenID(4)}})
	read := func(name string, id chunk.ID) (*decoder, int) {
		n, err := s.get(t.Context(), id)
		require.NoError(t, err)
		d, _, items := openNode(golden(t, name, n))
		return d, items
	}

	d, n := read("directory.node", dir)
	entries, err := d.dir(n, dir)
	require.NoError(t, err)
	require.Equal(t, everything(), entries)

	d, n = read("directory-index.node", dirIndex)
	children, err := d.dirIndex(n, dirIndex)
	require.NoError(t, err)
	require.Equal(t, []child{{id: goldenID(1), first: "block"}, {id: goldenID(2), first: "mike"}}, children)

	d, n = read("file.node", file)
	require.Equal(t, list, d.extents(n))
	require.NoError(t, d.finish())

	d, n = read("file-index.node", fileIndex)
	children, err = d.fileIndex(n, fileIndex)
	require.NoError(t, err)
	require.Equal(t, []child{{id: goldenID(3), total: 1500}, {id: goldenID(4), total: 1 << 50}}, children)
}

// TestGoldenSplitting pins where folders and files are split: another place would store everything once more.
func TestGoldenSplitting(t *testing.T) {
	s := newNodes()
	dir, err := build(t.Context(), s.put, numbered(5000))
	require.NoError(t, err)
	require.Equal(t, "b115d3b88a6160b0a80492d35b2cf17ccef831156b0acd3c2e0d056e5425e063", dir.String())
	ids := make([]chunk.ID, 20_000)
	for i := range ids {
		ids[i] = idOf(i)
	}
	file, err := buildFile(t.Context(), s.put, ids)
	require.NoError(t, err)
	require.Equal(t, "20d3d5dac321c66bb0b735c391dfcbe0d998322713e6c03117f0821aa1d73469", file.Tree.String())
}
