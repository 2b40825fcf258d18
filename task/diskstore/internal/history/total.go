package history

import (
	"encoding/binary"
	"fmt"
	"time"

	"github.com/heirloom-backup/heirloom/task"
	"github.com/heirloom-backup/heirloom/task/progress"
)

const secondsPerDay = 24 * 60 * 60

// totalKey names the total of a day, type and final state. No type has a zero byte in it.
func totalKey(day uint32, kind string, state task.State) []byte {
	key := binary.BigEndian.AppendUint32([]byte{totalKind}, day)
	key = append(key, kind...)
	return append(key, 0, stateCodes[state])
}

// parseTotalKey returns a total of which only the key's share is set.
func parseTotalKey(key []byte) (task.Total, error) {
	const least = 1 + 4 + 1 + 1
	end := len(key) - 2 // of the type
	if len(key) < least || key[0] != totalKind || key[end] != 0 {
		return task.Total{}, fmt.Errorf("key %x is not that of a total", key)
	}
	state, ok := stateOf(key[end+1])
	if !ok {
		return task.Total{}, fmt.Errorf("key %x has the unknown state %d", key, key[end+1])
	}
	day := int64(binary.BigEndian.Uint32(key[1:]))
	return task.Total{Day: time.Unix(day*secondsPerDay, 0).UTC(), Type: string(key[5:end]), State: state}, nil
}

// encodeTotal returns the value that is stored for t.
func encodeTotal(t *task.Total) []byte {
	var content []byte
	for _, n := range []int64{t.Tasks, t.Work.Items, t.Work.Bytes, t.Work.Transferred, int64(t.Duration), t.Warnings} {
		content = binary.BigEndian.AppendUint64(content, uint64(n))
	}
	return seal(content)
}

// decodeTotal sets the numbers of t.
func decodeTotal(value []byte, t *task.Total) error {
	content, err := unseal(value)
	if err != nil {
		return err
	}
	if len(content) != 6*8 {
		return fmt.Errorf("%d bytes are no total", len(content))
	}
	number := func(i int) int64 { return int64(binary.BigEndian.Uint64(content[8*i:])) }
	t.Tasks = number(0)
	t.Work = progress.Count{Items: number(1), Bytes: number(2), Transferred: number(3)}
	t.Duration = time.Duration(number(4))
	t.Warnings = number(5)
	return nil
}
