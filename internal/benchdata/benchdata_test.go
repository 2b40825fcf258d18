package benchdata

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/chunk"
)

// TestTheSameEverywhere holds what is made to sums taken when it was written: figures from before and after a change of
// the generators could not be compared.
func TestTheSameEverywhere(t *testing.T) {
	changed := Image(4<<20, 1)
	Change(changed, 2)
	for name, c := range map[string]struct {
		data []byte
		sum  string
	}{
		"text":          {Text(1<<20, 1), "283dd8f7072011f2"},
		"other text":    {Text(1<<20, 2), "ad39ab28c481d8e0"},
		"image":         {Image(4<<20, 1), "b4c2f93388c538a1"},
		"changed image": {changed, "088af490dfa8a21b"},
		"random":        {Random(1000, 1), "c0b94bf9b8006ee0"},
		"files":         {flat(Files(100, 1)), "8fd38741c22dfa4f"},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.sum, fmt.Sprintf("%x", sha256.Sum256(c.data))[:16])
		})
	}
}

// flat is all paths and contents in one piece.
func flat(files []File) (all []byte) {
	for _, f := range files {
		all = append(append(all, f.Path...), f.Data...)
	}
	return all
}

// TestCompresses holds the generators to what was measured on real data: Go's source code comes to .25 in frames of
// 1 MiB, an ext4 image to .33.
func TestCompresses(t *testing.T) {
	for _, c := range []struct {
		name        string
		data        []byte
		frame       int
		least, most float64
	}{
		{"text in large frames", Text(4<<20, 1), 1 << 20, .2, .27},
		{"text, each file alone", Text(4<<20, 1), 10 << 10, .25, .35},
		{"image", written(Image(16<<20, 1)), 1 << 20, .25, .4},
		{"random", Random(1<<20, 1), 1 << 20, 1, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			ratio := compressed(t, c.data, c.frame)
			require.GreaterOrEqual(t, ratio, c.least)
			require.LessOrEqual(t, ratio, c.most)
		})
	}
}

// compressed returns which part of its size data takes in frames compressed one by one.
func compressed(t *testing.T, data []byte, frame int) float64 {
	codec, err := chunk.NewCodec(chunk.CodecOptions{})
	require.NoError(t, err)
	defer codec.Close()
	stored := 0
	for plain := range slices.Chunk(data, frame) {
		out, how := codec.Compress(nil, plain)
		if how == chunk.Stored {
			out = plain
		}
		stored += len(out)
	}
	return float64(stored) / float64(len(data))
}

// written returns an image without its empty pieces of 64 KiB.
func written(image []byte) (all []byte) {
	zeros := make([]byte, 64<<10)
	for piece := range slices.Chunk(image, len(zeros)) {
		if !bytes.Equal(piece, zeros) {
			all = append(all, piece...)
		}
	}
	return all
}

func TestImage(t *testing.T) {
	image := Image(32<<20, 1)
	require.Len(t, image, 32<<20)
	full := float64(len(written(image))) / float64(len(image))
	require.InDelta(t, .72, full, .1, "part that is not empty")
}

func TestChange(t *testing.T) {
	before := Image(32<<20, 1)
	after := bytes.Clone(before)
	Change(after, 1)
	changed, blocks := 0, len(before)/Block
	for at := 0; at < len(before); at += Block {
		if !bytes.Equal(before[at:at+Block], after[at:at+Block]) {
			changed++
		}
	}
	require.Greater(t, changed, blocks/300)
	require.LessOrEqual(t, changed, blocks/100)
}

func TestFiles(t *testing.T) {
	files := Files(2000, 1)
	require.Len(t, files, 2000)
	require.True(t, slices.IsSortedFunc(files, func(a, b File) int { return strings.Compare(a.Path, b.Path) }))
	require.InDelta(t, 11<<10, Bytes(files)/int64(len(files)), 2<<10, "bytes in a file")
	contents := map[[32]byte]bool{}
	for _, f := range files {
		contents[sha256.Sum256(f.Data)] = true
	}
	require.Len(t, contents, len(files), "no two are the same")
}

func TestWrite(t *testing.T) {
	dir, files := t.TempDir(), Files(100, 1)
	require.NoError(t, Write(dir, files))
	for _, f := range files {
		data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(f.Path)))
		require.NoError(t, err)
		require.True(t, bytes.Equal(f.Data, data), f.Path)
	}
	require.Error(t, Write(filepath.Join(dir, files[0].Path), files), "into a file")
}
