package restore

import (
	"bytes"
	"os"
)

// zeroBlock is the unit in which zeros are turned into holes, in bytes: what most file systems allocate at least.
const zeroBlock = 4 << 10

var zeros [zeroBlock]byte

// writeSparse writes data at offset, but for blocks of zeros, over what reads as zeros already. It returns the bytes
// that are now as they should be.
func writeSparse(f *os.File, data []byte, offset int64) (n int, err error) {
	for n < len(data) {
		skip := zeroPrefix(data[n:])
		n += skip
		run := dataPrefix(data[n:])
		if run == 0 {
			continue
		}
		w, err := f.WriteAt(data[n:n+run], offset+int64(n))
		n += w
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// zeroPrefix returns the length of the blocks of zeros that data begins with.
func zeroPrefix(data []byte) (n int) {
	for n < len(data) && blockIsZero(data[n:]) {
		n = min(n+zeroBlock, len(data))
	}
	return n
}

// dataPrefix returns the length of the blocks that are not zeros which data begins with.
func dataPrefix(data []byte) (n int) {
	for n < len(data) && !blockIsZero(data[n:]) {
		n = min(n+zeroBlock, len(data))
	}
	return n
}

func blockIsZero(data []byte) bool {
	n := min(len(data), zeroBlock)
	return bytes.Equal(data[:n], zeros[:n])
}
