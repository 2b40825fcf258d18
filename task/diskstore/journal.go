package diskstore

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"strconv"

	"github.com/heirloom-backup/heirloom/task"
)

// state is a line of a journal: the record of a task as it became, and who owned the task then.
type state struct {
	Owner  string      `json:"owner,omitempty"` // "": nobody, or nobody any more
	Record task.Record `json:"record"`
}

// maxJournal is the size of the largest journal that is read, in bytes. None becomes as long, see longJournal.
const maxJournal = 64 << 20

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// encodeLine returns a value as a line: a checksum in eight hexadecimal digits, a space, JSON, and a newline.
func encodeLine(value any) ([]byte, error) {
	data, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	line := make([]byte, 0, len(data)+10)
	line = fmt.Appendf(line, "%08x ", crc32.Checksum(data, castagnoli))
	return append(append(line, data...), '\n'), nil
}

var errDamagedLine = errors.New("the line is damaged")

// decodeLine reads a line, without its newline, into value.
func decodeLine(line []byte, value any) error {
	digits, data, ok := bytes.Cut(line, []byte(" "))
	if !ok || len(digits) != 8 {
		return errDamagedLine
	}
	sum, err := strconv.ParseUint(string(digits), 16, 32)
	if err != nil || uint32(sum) != crc32.Checksum(data, castagnoli) {
		return errDamagedLine
	}
	return json.Unmarshal(data, value)
}

// errNoState says that a journal has no line that is whole.
var errNoState = errors.New("no line of the journal is whole")

// decodeJournal returns the last state that data has, and where the whole lines end. A line that was being written when
// the machine stopped is no state: nobody was told of it.
func decodeJournal(data []byte) (last state, end int64, err error) {
	data = data[:bytes.LastIndexByte(data, '\n')+1]
	end = int64(len(data))
	for len(data) > 0 {
		start := bytes.LastIndexByte(data[:len(data)-1], '\n') + 1
		var s state
		if decodeLine(data[start:len(data)-1], &s) == nil && s.Record.UPID.Validate() == nil {
			return s, end, nil
		}
		data = data[:start]
	}
	return state{}, end, errNoState
}

// readJournal returns the last state in the file of a journal, and where its whole lines end.
func readJournal(path string) (state, int64, error) {
	data, err := readFile(path, maxJournal)
	if err != nil {
		return state{}, 0, err
	}
	s, end, err := decodeJournal(data)
	if err != nil {
		return state{}, 0, fmt.Errorf("%s: %w; what it was about is lost: remove the file", path, err)
	}
	return s, end, nil
}

// readFile reads a file of at most so many bytes.
func readFile(path string, most int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(data)) > most {
		return nil, fmt.Errorf("%s: more than the %d bytes that it can have", path, most)
	}
	return data, err
}

// writeLine writes a line to a file at an offset, durably, and lets the file end there. If it cannot, what was before the
// offset is as it was.
func writeLine(path string, line []byte, at int64) (err error) {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := cutRest(f, at+int64(len(line))); err != nil { // before the line is there: then the journal may be another owner's
		return err
	}
	if _, err := f.WriteAt(line, at); err != nil {
		return errors.Join(err, f.Truncate(at)) // half a line would do no harm, but it takes up the room that is missing
	}
	return f.Sync()
}

// cutRest lets a file end where a line will end that is to be written, if it goes on there.
func cutRest(f *os.File, end int64) error {
	info, err := f.Stat()
	if err != nil || info.Size() <= end {
		return err
	}
	return f.Truncate(end)
}
