package wire_test

import (
	"encoding/binary"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/heirloom-backup/heirloom/datastore/internal/wire"
)

func TestReaderRefuses(t *testing.T) {
	huge := binary.AppendUvarint(nil, math.MaxUint64)
	for _, tc := range []struct {
		name string
		data []byte
		read func(r *wire.Reader)
		says string
	}{
		{"more than is left", []byte("abc"), func(r *wire.Reader) { r.Take("tail", 4) }, "tail needs 4 bytes, 3 are left"},
		{"a negative length", []byte("abc"), func(r *wire.Reader) { r.Take("tail", -1) }, "tail needs -1 bytes"},
		{"a byte of nothing", nil, func(r *wire.Reader) { r.U8("kind") }, "kind needs 1 bytes"},
		{"half a u32", []byte("ab"), func(r *wire.Reader) { r.U32("sum") }, "sum needs 4 bytes"},
		{"half a u64", []byte("abcd"), func(r *wire.Reader) { r.U64("sum") }, "sum needs 8 bytes"},
		{"a number without end", []byte{0x80, 0x80}, func(r *wire.Reader) { r.Uvarint("n", 9) }, "n is not a number"},
		{"a signed number without end", []byte{0x80}, func(r *wire.Reader) { r.Varint("sec") }, "sec is not a number"},
		{"a number over 64 bits", []byte("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"),
			func(r *wire.Reader) { r.Uvarint("n", math.MaxUint64) }, "n is not a number"},
		{"a number over its limit", []byte{10}, func(r *wire.Reader) { r.Uvarint("n", 9) }, "n is 10, more than 9"},
		{"a count of more than is left", []byte{3, 0, 0, 0, 0, 0}, func(r *wire.Reader) { r.Count("items", 9, 2) },
			"items is 3, but only 5 bytes are left"},
		{"a count over its limit", huge, func(r *wire.Reader) { r.Count("items", 9, 1) }, "more than 9"},
		{"bytes over their limit", []byte("\x04name"), func(r *wire.Reader) { r.Bytes("name", 3) }, "name length is 4"},
		{"bytes cut off", []byte("\x04nam"), func(r *wire.Reader) { r.Bytes("name", 9) }, "name needs 4 bytes"},
		{"bytes of a length no int holds", huge, func(r *wire.Reader) { r.Bytes("name", math.MaxUint64) }, "bytes, 0 are left"},
		{"what is left over", []byte("ab"), func(r *wire.Reader) { r.U8("kind"); r.End() }, "1 bytes too many"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := wire.NewReader(tc.data)
			tc.read(r)
			require.ErrorContains(t, r.Err(), tc.says)
		})
	}
}

func TestReaderKeepsItsFirstError(t *testing.T) {
	r := wire.NewReader([]byte{1, 2, 3, 4, 5, 6, 7, 8, 9})
	r.U8("first")
	r.Fail("kind %d is unknown", 1)
	first := r.Err()
	require.EqualError(t, first, "at byte 1: kind 1 is unknown")
	r.Fail("something else")
	require.Nil(t, r.Take("bytes", 1))
	require.Nil(t, r.Bytes("bytes", 9))
	require.Zero(t, r.U8("u8")+byte(r.U32("u32"))+byte(r.U64("u64")))
	require.Zero(t, r.Uvarint("n", 9)+uint64(r.Varint("n"))+uint64(r.Count("n", 9, 1)))
	require.Equal(t, first, r.End())
	require.Equal(t, 1, r.Offset())
}

func TestTakenBytesCannotGrowIntoTheRest(t *testing.T) {
	data := []byte("\x02abcd")
	r := wire.NewReader(data)
	_ = append(r.Bytes("head", 9), 'X')
	require.Equal(t, "cd", string(r.Take("tail", 2)))
	require.NoError(t, r.End())
}

func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		u := rapid.Uint64().Draw(t, "u")
		i := rapid.Int64().Draw(t, "i")
		s := rapid.String().Draw(t, "s")
		b := rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(t, "b")
		data := binary.AppendUvarint(nil, u)
		data = binary.AppendVarint(data, i)
		data = wire.AppendBytes(data, s)
		data = wire.AppendBytes(data, b)
		data = binary.LittleEndian.AppendUint32(data, uint32(u))
		data = binary.LittleEndian.AppendUint64(data, u)

		r := wire.NewReader(data)
		require.Equal(t, u, r.Uvarint("u", u))
		require.Equal(t, i, r.Varint("i"))
		require.Equal(t, s, string(r.Bytes("s", uint64(len(s)))))
		require.Equal(t, string(b), string(r.Bytes("b", uint64(len(b)))))
		require.Equal(t, uint32(u), r.U32("u32"))
		require.Equal(t, u, r.U64("u64"))
		require.NoError(t, r.End())
	})
}
