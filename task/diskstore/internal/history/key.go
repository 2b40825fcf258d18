package history

import (
	"github.com/heirloom-backup/heirloom/task"
)

// First bytes of keys. The low three bits of an index key's are its attributes.
const (
	recordKind byte = 0x01
	totalKind  byte = 0x02
	indexKind  byte = 0x10
)

const (
	positionSize    = len(task.Position{})
	recordKeySize   = 1 + positionSize
	indexPrefixSize = 1 + 8 + 1 // kind, hash, state
	indexKeySize    = indexPrefixSize + positionSize
)

// stateCodes has the byte that stands for each final state in keys. They are in the order of their names, as totals are.
var stateCodes = map[task.State]byte{task.Cancelled: 1, task.Failed: 2, task.OK: 3, task.Warning: 4}

func stateOf(code byte) (task.State, bool) {
	for state, c := range stateCodes {
		if c == code {
			return state, true
		}
	}
	return "", false
}

// inverted is a position with each bit inverted: the newest is the least.
type inverted [positionSize]byte

func invert(p task.Position) (v inverted) {
	for i, b := range p {
		v[i] = ^b
	}
	return v
}

func (v inverted) position() (p task.Position) { return task.Position(invert(task.Position(v))) }

// lastOfAll is where the oldest of all records would be.
var lastOfAll = invert(task.Position{})

func recordKey(v inverted) []byte {
	return append([]byte{recordKind}, v[:]...)
}

// lastPosition returns the inverted position that ends the key of a record or an index entry, which has its full size.
func lastPosition(key []byte) (v inverted) {
	copy(v[:], key[len(key)-positionSize:])
	return v
}
