package pack_test

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/cespare/xxhash/v2"
	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
	"github.com/heirloom-backup/heirloom/datastore/internal/sign"
)

// TestChecksumIsXXH64 has values that the algorithm's author publishes, seed 0.
func TestChecksumIsXXH64(t *testing.T) {
	for text, want := range map[string]uint64{
		"": 0xef46db3751d8e999, "a": 0xd24ec4f1a98c6e5b, "abc": 0x44bc2cf5ad770999,
	} {
		require.Equal(t, want, xxhash.Sum64String(text))
		footer := pack.AppendFooter(nil, []byte(text))
		require.Equal(t, want, binary.LittleEndian.Uint64(footer[8:]))
	}
}

func TestFooter(t *testing.T) {
	key, writers := owner()
	tr := sample(pack.Tree)
	trailer := tr.Append(nil, key)
	footer := pack.AppendFooter(nil, trailer)
	require.Len(t, footer, pack.FooterSize)
	size := tr.DataSize() + int64(len(trailer)+pack.FooterSize)

	f, err := pack.ParseFooter(footer, size)
	require.NoError(t, err)
	require.Equal(t, len(trailer), f.Trailer)
	got, err := f.Open(trailer, tr.Name, size, writers)
	require.NoError(t, err)
	require.Equal(t, tr.Name, got.Name)

	for name, open := range map[string]func() (*pack.Trailer, error){
		"another pack's name": func() (*pack.Trailer, error) { return f.Open(trailer, tr.Name+"x", size, writers) },
		"a pack cut off":      func() (*pack.Trailer, error) { return f.Open(trailer, tr.Name, size-1, writers) },
		"a pack with a gap":   func() (*pack.Trailer, error) { return f.Open(trailer, tr.Name, size+1, writers) },
		"a trailer cut off":   func() (*pack.Trailer, error) { return f.Open(trailer[1:], tr.Name, size, writers) },
		"another trailer": func() (*pack.Trailer, error) {
			return f.Open(append(bytes.Clone(trailer[1:]), 0), tr.Name, size, writers)
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := open()
			require.ErrorIs(t, err, pack.ErrDamaged)
			require.Nil(t, got)
		})
	}
	_, err = f.Open(trailer, tr.Name, size, nil)
	require.ErrorIs(t, err, sign.ErrForged)
}

// TestFooterFlipped has every bit of the footer changed: what ParseFooter cannot see, Open does.
func TestFooterFlipped(t *testing.T) {
	tr := sample(pack.Content)
	trailer := tr.Append(nil, nil)
	footer := pack.AppendFooter(nil, trailer)
	size := tr.DataSize() + int64(len(trailer)+pack.FooterSize)
	for i := range len(footer) * 8 {
		bad := bytes.Clone(footer)
		bad[i/8] ^= 1 << (i % 8)
		f, err := pack.ParseFooter(bad, size)
		if err == nil {
			_, err = f.Open(trailer, tr.Name, size, nil)
		}
		require.ErrorIs(t, err, pack.ErrDamaged, "bit %d", i)
	}
	for n := range footer {
		_, err := pack.ParseFooter(footer[:n], size)
		require.ErrorIs(t, err, pack.ErrDamaged)
	}
}

func TestFooterOfTooLongATrailer(t *testing.T) {
	footer := pack.AppendFooter(nil, nil)
	binary.LittleEndian.PutUint32(footer, pack.MaxTrailer+1)
	_, err := pack.ParseFooter(footer, 1<<40)
	require.ErrorContains(t, err, "trailer of 67108865 bytes")
	binary.LittleEndian.PutUint32(footer, 100)
	_, err = pack.ParseFooter(footer, 100)
	require.ErrorContains(t, err, "trailer of 100 bytes in a pack of 100")
}

func TestCheck(t *testing.T) {
	tr := sample(pack.Content)
	require.NoError(t, tr.Check(tr.Name, 370+pack.FooterSize))
	require.ErrorIs(t, tr.Check(tr.Name, 370+pack.FooterSize-1), pack.ErrDamaged)
	require.ErrorIs(t, tr.Check("another", 1<<20), pack.ErrDamaged)
}
