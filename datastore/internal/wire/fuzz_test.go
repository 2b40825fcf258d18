package wire_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore/internal/wire"
)

// FuzzReader makes the calls that script says and checks what holds whatever the bytes are: a limit is a limit, what is
// returned is there, and after an error nothing is.
func FuzzReader(f *testing.F) {
	f.Add([]byte("\x00\x01\x02\x03\x04\x05\x06"), []byte("\x05\x03abcdefghijklmnopqrst"))
	f.Add([]byte("\x01\x03\x03"), []byte("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"))
	f.Add([]byte("\x03"), []byte("\x80"))
	f.Fuzz(func(t *testing.T, script, data []byte) {
		r := wire.NewReader(data)
		for _, call := range script {
			before, failed := r.Offset(), r.Err() != nil
			n := read(t, r, call)
			require.LessOrEqual(t, n, len(data)-before, "more came back than was left")
			require.Equal(t, len(data), r.Offset()+r.Len())
			if failed {
				require.Zero(t, n)
				require.Equal(t, before, r.Offset())
			}
		}
	})
}

// read makes one call and returns how many bytes, or items of a byte, came back.
func read(t *testing.T, r *wire.Reader, call byte) int {
	limit := uint64(call)
	switch call % 7 {
	case 0:
		return len(r.Take("bytes", int(int8(call))))
	case 1:
		require.LessOrEqual(t, r.Uvarint("number", limit), limit)
	case 2:
		r.Varint("number")
	case 3:
		n := r.Count("count", math.MaxUint64, 1+int(call)%3)
		require.LessOrEqual(t, n*(1+int(call)%3), r.Len())
		return n
	case 4:
		p := r.Bytes("bytes", limit)
		require.LessOrEqual(t, uint64(len(p)), limit)
		return len(p)
	case 5:
		r.U32("number")
	case 6:
		r.U64("number")
	}
	return 0
}
