package lanes

import (
	"crypto/sha256"
	"errors"
	"hash"
	"testing"

	"github.com/stretchr/testify/require"
)

// spy is crypto/sha256, and counts what it is given.
type spy struct {
	hash.Hash
	bytes int
	fault error // of going on from a state
}

func (s *spy) Write(b []byte) (int, error) {
	s.bytes += len(b)
	return s.Hash.Write(b)
}

func (s *spy) UnmarshalBinary(b []byte) error {
	if s.fault != nil {
		return s.fault
	}
	return s.Hash.(interface{ UnmarshalBinary([]byte) error }).UnmarshalBinary(b)
}

func TestWhatIsLeftToCryptoSHA256(t *testing.T) {
	const size, short = 100 * blockSize, 10 * blockSize
	tests := []struct {
		name               string
		few, long, shorter int
		left               int // bytes
	}{
		{"nothing", 1, 0, 0, 0},
		{"one message", 1, 1, 0, size},
		{"as many as are few", 3, 3, 0, 3 * size},
		{"one more", 2, 3, 0, 0},
		{"the end of a long one", 2, 1, 3, size - short},
		{"the ends of two", 2, 2, 2, 2 * (size - short)},
		{"three are not few", 2, 3, 1, 0},
		{"its own lane, and the others take turns", 1, 1, 6, size - 2*short},
		{"none are few", 0, 1, 3, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var messages [][]byte
			for range tt.shorter {
				messages = append(messages, make([]byte, short-9)) // ends are a part of the last block
			}
			for range tt.long {
				messages = append(messages, make([]byte, size))
			}
			e := Engines()[len(Engines())-1].withFew(tt.few)
			require.Equal(t, 4, e.width)
			r, s := newRun(e), &spy{Hash: sha256.New()}
			r.single.hash = s
			New[sum](e).sumAll(r, make([]sum, len(messages)), messages)
			require.Equal(t, tt.left, s.bytes)
		})
	}
}

// No released version of Go does this, and the next one has promised not to.
func TestLanesGoOnWhereCryptoSHA256Cannot(t *testing.T) {
	message := randomBytes(12, 1000)
	e := Engines()[0].withFew(1)
	r, s := newRun(e), &spy{Hash: sha256.New(), fault: errors.New("unknown state")}
	r.single.hash = s
	sums := make([]sum, 1)
	New[sum](e).sumAll(r, sums, [][]byte{message})
	require.Equal(t, sha256.Sum256(message), sums[0])
	require.Zero(t, s.bytes)
}
