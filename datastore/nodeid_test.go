package datastore_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
	"github.com/heirloom-backup/heirloom/datastore/backup"
	"github.com/heirloom-backup/heirloom/datastore/backup/source"
	"github.com/heirloom-backup/heirloom/datastore/tree"
	"github.com/heirloom-backup/heirloom/datastore/verify"
	"github.com/heirloom-backup/heirloom/restore"
)

// A file may hold the very bytes of a tree node, saved before the node or after it: neither is taken for the other.
func TestFileWithTheBytesOfANode(t *testing.T) {
	plain := mem.New()
	require.NoError(t, datastore.Create(t.Context(), plain, datastore.CreateOptions{}))
	for name, c := range map[string]struct {
		b *mem.Backend
		o datastore.Options
	}{
		"plain":     {plain, datastore.Options{}},
		"encrypted": {encrypted(), datastore.Options{Passphrase: passphrase}},
	} {
		nodes, twin, nodesRoot := folderAndTwin(t, open(t, c.b.Clone(), c.o))
		for order, dirs := range map[string][]string{"node first": {nodes, twin}, "file first": {twin, nodes}} {
			t.Run(name+", "+order, func(t *testing.T) {
				s := open(t, c.b.Clone(), c.o)
				roots := map[string]chunk.ID{}
				for _, dir := range dirs {
					roots[dir] = backUp(t, s, dir)
				}
				require.Equal(t, nodesRoot, roots[nodes], "these are the nodes whose bytes the files hold")
				report, err := verify.Run(t.Context(), s, verify.Options{NoRecord: true})
				require.NoError(t, err)
				require.True(t, report.Clean())
				for dir, root := range roots {
					require.Equal(t, contents(t, dir), contents(t, restored(t, s, root)))
				}
			})
		}
	}
}

// folderAndTwin returns a folder, another one with a file for each node of the first one's snapshot, and the snapshot.
func folderAndTwin(t *testing.T, s *datastore.Store) (nodes, twin string, root chunk.ID) {
	t.Helper()
	nodes, twin = t.TempDir(), t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(nodes, "empty"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(nodes, "file"), []byte("content"), 0o600))
	root = backUp(t, s, nodes)
	count := 0
	walkNodes(t, s, root, func(n tree.Node) {
		data := append(tree.AppendRefs(nil, n.Refs), n.Body...)
		require.NoError(t, os.WriteFile(filepath.Join(twin, fmt.Sprint(count)), data, 0o600))
		count++
	})
	require.Equal(t, 3, count, "the root, the folder, and the empty folder")
	return nodes, twin, root
}

func walkNodes(t *testing.T, s *datastore.Store, id chunk.ID, do func(tree.Node)) {
	t.Helper()
	n, err := s.Node(t.Context(), id)
	require.NoError(t, err)
	do(n)
	for _, child := range n.Refs.Trees {
		walkNodes(t, s, child, do)
	}
}

func backUp(t *testing.T, s *datastore.Store, dir string) chunk.ID {
	t.Helper()
	result, err := backup.Run(t.Context(), s, source.Folder(dir, source.FolderOptions{}), backup.Options{})
	require.NoError(t, err)
	require.True(t, result.Complete)
	return result.Snapshot.Root
}

func restored(t *testing.T, s *datastore.Store, root chunk.ID) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "restored")
	_, err := restore.Tree(t.Context(), s, root, dir, restore.Options{NoSync: true})
	require.NoError(t, err)
	return dir
}

// contents returns what each file below dir holds, and "folder" for a folder.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			found[name] = "folder"
			return err
		}
		data, err := os.ReadFile(filepath.Join(dir, name))
		found[name] = string(data)
		return err
	})
	require.NoError(t, err)
	return found
}
