package history

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"

	"github.com/dgraph-io/badger/v4/pb"
	"github.com/dgraph-io/badger/v4/y"
	"google.golang.org/protobuf/proto"
)

// tableCheck checks that files of tables end as badger writes them:
//
//	blocks   index   its length(4)   checksum of the index   its length(4)
//
// badger takes the lengths on trust, and ends the process when they lead it astray; and what it had begun when it finds
// the checksum wrong, it leaves behind.
type tableCheck struct{ buffer []byte }

const (
	mostChecksum = 64 // bytes that a checksum takes up
	mostTail     = 4 + mostChecksum + 4
)

var errCutOff = errors.New("a table has no sound end; it was cut off or overwritten")

func (c *tableCheck) file(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("a table cannot be opened: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("a table cannot be read: %w", err)
	}
	var tail [mostTail]byte
	n := min(info.Size(), mostTail)
	if _, err := f.ReadAt(tail[:n], info.Size()-n); err != nil {
		return fmt.Errorf("a table cannot be read: %w", err)
	}
	end, ok := parseFooter(tail[:n], info.Size())
	if !ok {
		return errCutOff
	}
	return c.index(f, end)
}

// footer is what the end of a table says.
type footer struct {
	indexAt, indexSize int64
	checksum           []byte // a pb.Checksum
}

// parseFooter reads the tail of a table of the given size in bytes.
func parseFooter(tail []byte, size int64) (f footer, ok bool) {
	if len(tail) < 8 {
		return footer{}, false
	}
	length := int64(binary.BigEndian.Uint32(tail[len(tail)-4:]))
	at := int64(len(tail)) - 4 - length // of the checksum
	if length == 0 || at < 4 {
		return footer{}, false
	}
	f.checksum = tail[at : at+length]
	f.indexSize = int64(binary.BigEndian.Uint32(tail[at-4:]))
	f.indexAt = size - 4 - length - 4 - f.indexSize
	return f, f.indexSize > 0 && f.indexAt > 0
}

// index compares the index with its checksum.
func (c *tableCheck) index(f *os.File, end footer) error {
	var sum pb.Checksum
	if err := proto.Unmarshal(end.checksum, &sum); err != nil {
		return errCutOff
	}
	if int64(cap(c.buffer)) < end.indexSize {
		c.buffer = make([]byte, end.indexSize)
	}
	index := c.buffer[:end.indexSize]
	if _, err := f.ReadAt(index, end.indexAt); err != nil {
		return fmt.Errorf("the index of a table cannot be read: %w", err)
	}
	if err := y.VerifyChecksum(index, &sum); err != nil {
		return fmt.Errorf("the index of a table is damaged: %w", err)
	}
	return nil
}
