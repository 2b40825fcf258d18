package backup

import "bytes"

const (
	zeroBlock = 4 << 10  // bytes: zeros are looked for in blocks of this size
	minHole   = 64 << 10 // bytes: shorter runs of zeros stay in their chunk, where they compress to nothing
)

var zeros [zeroBlock]byte

// leadingZeros returns the length of the hole that data begins with, 0 for none. A run that reaches the end of data is
// taken although it may go on, unless it is too short to tell and more data follows.
func (p *pipeline) leadingZeros(data []byte, last bool) int {
	if !p.zeros {
		return 0
	}
	n := zeroRun(data, last)
	if n >= minHole || p.hole || last && n == len(data) {
		return n
	}
	return 0
}

// zeroRun returns the length of the run of whole zero blocks that data begins with; at the end of the source the last
// block may be shorter.
func zeroRun(data []byte, last bool) (n int) {
	for n+zeroBlock <= len(data) && bytes.Equal(data[n:n+zeroBlock], zeros[:]) {
		n += zeroBlock
	}
	if rest := data[n:]; last && len(rest) < zeroBlock && bytes.Equal(rest, zeros[:len(rest)]) {
		n = len(data)
	}
	return n
}

// dataRun returns the bytes before the next hole. ended says that a hole, or the end of the source, follows them.
func (p *pipeline) dataRun(data []byte, last bool) (run []byte, ended bool) {
	if !p.zeros {
		return data, last
	}
	for at := 0; at+zeroBlock <= len(data); at += zeroBlock {
		n := zeroRun(data[at:], last)
		if at > 0 && n >= minHole {
			return data[:at], true
		}
		at += n
	}
	return data, last
}
