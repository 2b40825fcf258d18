package lanes

import "encoding/binary"

// lengthSize is how many bytes the length of a message takes at its end.
const lengthSize = 8

// prefix is the state of SHA-256 after a number of whole blocks.
type prefix struct {
	state [8]uint32
	bytes uint64
}

// then returns the prefix that is one block longer.
func (p prefix) then(data *[blockSize]byte) prefix {
	return prefix{state: block(p.state, data[:]), bytes: p.bytes + blockSize}
}

// ending returns the last block or two of a message that follows p (FIPS 180-4, 5.1.1): what is left behind its last
// whole block, the padding, and the length. The message has size bytes. The ending is written to room.
func (p prefix) ending(room *[2 * blockSize]byte, left []byte, size int) []byte {
	end := room[:blockSize]
	if len(left)+1+lengthSize > blockSize {
		end = room[:]
	}
	n := copy(end, left)
	end[n] = 0x80
	length := len(end) - lengthSize
	clear(end[n+1 : length])
	binary.BigEndian.PutUint64(end[length:], 8*(p.bytes+uint64(size)))
	return end
}

// digest returns a state as bytes.
func digest(state [8]uint32) (d [Size]byte) {
	for i, word := range state {
		binary.BigEndian.PutUint32(d[4*i:], word)
	}
	return d
}
