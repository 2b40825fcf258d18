package backup_test

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
	"github.com/heirloom-backup/heirloom/datastore/backup"
	"github.com/heirloom-backup/heirloom/datastore/backup/source"
	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// disk is an image in memory. Its zeros are holes.
type disk []byte

func (d disk) Open(context.Context) (*source.Root, error) {
	return &source.Root{Kind: datastore.Image, Entry: tree.Entry{Name: "sda", Type: tree.File, Size: int64(len(d))},
		File: &openDisk{Reader: bytes.NewReader(d)}}, nil
}

type openDisk struct{ io.Reader }

func (*openDisk) Stat() (tree.Entry, error) { return tree.Entry{}, nil }
func (*openDisk) Close() error              { return nil }
func (*openDisk) ZerosAreHoles()            {}

// sparseDisk knows where its holes are.
type sparseDisk struct {
	disk
	ranges [][2]int64
}

func (d sparseDisk) Open(ctx context.Context) (*source.Root, error) {
	root, err := d.disk.Open(ctx)
	root.File = &openSparse{openDisk{bytes.NewReader(d.disk)}, bytes.NewReader(d.disk), d.ranges}
	return root, err
}

type openSparse struct {
	openDisk
	io.ReaderAt
	ranges [][2]int64
}

func (o *openSparse) NextData(offset int64) (start, end int64, err error) {
	for _, r := range o.ranges {
		if offset < r[1] {
			return max(offset, r[0]), r[1], nil
		}
	}
	return 0, 0, io.EOF
}

// holes returns the ranges of an image that are not stored.
func holes(t *testing.T, s *datastore.Store, sn *datastore.Snapshot) (list [][2]int64, stored int64) {
	t.Helper()
	root, err := tree.Root(t.Context(), s.Node, sn.Root)
	require.NoError(t, err)
	for x, err := range tree.Extents(t.Context(), s.Node, &root, 0) {
		require.NoError(t, err)
		if x.Hole() {
			list = append(list, [2]int64{x.Offset, x.Offset + x.Length})
		} else {
			stored += x.Length
		}
	}
	return list, stored
}

const mib = 1 << 20

// Zeros are never stored and come back as holes, whether the source knows of them or not.
func TestImageHoles(t *testing.T) {
	data := make(disk, 20*mib+777)
	copy(data[3*mib:], noise(2*mib, 1))
	copy(data[12*mib:], noise(mib, 2))
	want := [][2]int64{{0, 3 * mib}, {5 * mib, 12 * mib}, {13 * mib, 20*mib + 777}}
	ranges := [][2]int64{{3 * mib, 5 * mib}, {12 * mib, 13 * mib}}
	for name, src := range map[string]source.Source{
		"found in the bytes": data, "known to the source": sparseDisk{data, ranges},
		"known too widely": sparseDisk{data, [][2]int64{{2 * mib, 6 * mib}, {10 * mib, 14 * mib}}},
	} {
		t.Run(name, func(t *testing.T) {
			eachBackend(t, func(t *testing.T, b backend.Backend) {
				s := create(t, b)
				res := run(t, s, src, backup.Options{})
				got, stored := holes(t, s, res.Snapshot)
				require.Equal(t, want, got)
				require.Equal(t, int64(3*mib), stored)
				require.True(t, bytes.Equal(data, []byte(content(t, s, res.Snapshot)["sda"])))
				require.Equal(t, int64(len(data)), res.Stats.BytesSource)
			})
		})
	}
}

func TestImageOfNothingButZeros(t *testing.T) {
	for _, n := range []int{0, 1, 4096, 100_000, 9 * mib} {
		s := create(t, mem.New())
		res := run(t, s, make(disk, n), backup.Options{})
		_, stored := holes(t, s, res.Snapshot)
		require.Zero(t, stored)
		require.Len(t, content(t, s, res.Snapshot)["sda"], n)
	}
}

// One percent of an image's blocks change between two runs, as a virtual machine's do.
func TestImageWithRandomEdits(t *testing.T) {
	s, data := create(t, mem.New()), disk(noise(24*mib, 1))
	run(t, s, data, backup.Options{})
	dice := rand.New(rand.NewPCG(1, 2))
	const edits = 12
	for range edits {
		copy(data[dice.IntN(len(data)/4096)*4096:], noise(4096, byte(dice.IntN(256))))
	}
	res := run(t, s, data, backup.Options{})
	require.True(t, bytes.Equal(data, []byte(content(t, s, res.Snapshot)["sda"])))
	size := int64(s.Splitter(datastore.ForImages).MaxSize())
	require.LessOrEqual(t, res.Stats.BytesNew, edits*size)
	again := run(t, s, data, backup.Options{Mode: datastore.Full})
	require.Equal(t, res.Snapshot.Root, again.Snapshot.Root)
}

func TestStream(t *testing.T) {
	s := create(t, mem.New())
	for _, n := range []int{0, 1, 5 * mib} {
		data := noise(n, 3)
		res := run(t, s, source.Stream("stdin", bytes.NewReader(data)), backup.Options{})
		require.True(t, string(data) == content(t, s, res.Snapshot)["stdin"])
		require.Equal(t, int64(n), res.Stats.BytesSource)
	}
}
