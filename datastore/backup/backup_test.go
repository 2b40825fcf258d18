package backup_test

import (
	"context"
	"math/rand/v2"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
	"github.com/heirloom-backup/heirloom/datastore/backup"
	"github.com/heirloom-backup/heirloom/datastore/backup/source"
	"github.com/heirloom-backup/heirloom/datastore/tree"
)

func open(t *testing.T, encrypt bool) *datastore.Store {
	b := mem.New()
	pass := []byte("secret")
	require.NoError(t, datastore.Create(t.Context(), b, datastore.CreateOptions{Encrypt: encrypt, Passphrase: pass}))
	s, err := datastore.Open(t.Context(), b, datastore.Options{Passphrase: pass})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func readAll(t *testing.T, s *datastore.Store, dir chunk.ID, path string, out map[string][]byte) {
	for e, err := range tree.Entries(t.Context(), s.Node, dir) {
		require.NoError(t, err)
		switch e.Type {
		case tree.Dir:
			readAll(t, s, e.Tree, path+e.Name+"/", out)
		case tree.File:
			var ids []chunk.ID
			var offs []int64
			data := make([]byte, e.Size)
			for x, err := range tree.Extents(t.Context(), s.Node, &e, 0) {
				require.NoError(t, err)
				if !x.Hole() {
					ids = append(ids, x.ID)
					offs = append(offs, x.Offset)
				}
			}
			require.NoError(t, s.Fetch(t.Context(), ids, func(i int, p []byte, err error) error {
				copy(data[offs[i]:], p)
				return err
			}))
			out[path+e.Name] = data
		}
	}
}

func TestRoundTrip(t *testing.T) {
	for _, encrypt := range []bool{false, true} {
		fsys := fstest.MapFS{}
		want := map[string][]byte{}
		r := rand.NewChaCha8([32]byte{1})
		for i, n := range []int{0, 1, 100, 5000, 70000, 600 << 10, 5 << 20, 20 << 20} {
			data := make([]byte, n)
			r.Read(data)
			name := string(rune('a'+i)) + "/file"
			fsys[name] = &fstest.MapFile{Data: data, Mode: 0o644, ModTime: time.Unix(1000, 0)}
			want[name] = data
		}
		s := open(t, encrypt)
		src := source.FS("data", fsys)
		res, err := backup.Run(context.Background(), s, src, backup.Options{})
		require.NoError(t, err)
		require.Empty(t, res.Warnings)
		got := map[string][]byte{}
		root, err := tree.Root(t.Context(), s.Node, res.Snapshot.Root)
		require.NoError(t, err)
		readAll(t, s, root.Tree, "", got)
		require.Equal(t, len(want), len(got))
		for k := range want {
			require.True(t, string(want[k]) == string(got[k]), k)
		}
		_, err = s.Find(t.Context(), datastore.Address{Group: res.Snapshot.Group})
		require.NoError(t, err)
		res2, err := backup.Run(context.Background(), s, src, backup.Options{})
		require.NoError(t, err)
		require.Zero(t, res2.Stats.BytesNew)
		require.Zero(t, res2.Stats.BytesRead)
		t.Logf("%+v", res2.Stats)
		state, err := s.State(t.Context())
		require.NoError(t, err)
		require.Empty(t, state.Lost())
	}
}
