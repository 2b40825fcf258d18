package chunk

import (
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
)

// gearWindow is how many bytes a gear hash depends on: each step shifts it by one bit, so that a byte's last trace
// leaves the 64-bit hash after 64 steps.
const gearWindow = 64

// gear is FastCDC: a gear hash runs over the data and a chunk may end where it is below a limit. Comparing with a limit
// looks at the hash's high bits, the ones that depend on the whole window, and allows any average.
//
// Chunking is normalised: the limit is low (ends are rare) up to the size called turn and high (ends are likely) after
// it, which gathers the sizes around the average, where they deduplicate best. Whether a chunk can end at a place
// depends only on the 64 bytes before it and on its distance from the chunk's start.
type gear struct {
	min, turn, max      int
	lowLimit, highLimit uint64
	table               [256]uint64
}

// normalisation is by which factor ends are rarer than 1/average before the turn, and likelier after.
const normalisation = 4

func newGear(p Params, secret []byte) (*gear, error) {
	g := &gear{
		min:       p.Min,
		turn:      gearTurn(p),
		max:       p.Max,
		lowLimit:  math.MaxUint64 / uint64(p.Average) / normalisation,
		highLimit: math.MaxUint64 / uint64(p.Average) * normalisation,
	}
	key, err := hkdf.Key(sha256.New, secret, nil, "heirloom chunk gear table v1", 8*len(g.table))
	if err != nil {
		return nil, fmt.Errorf("derive gear table: %w", err)
	}
	for i := range g.table {
		g.table[i] = binary.LittleEndian.Uint64(key[8*i:])
	}
	return g, nil
}

// gearTurn returns the size at which the limit changes. Chunks of random data are as long as Average in the mean if
//
//	turn = Min + 4A·ln(15A / (4Min+12A)),   A = Average,
//
// which 8/7 of the way from Min to 3A/4 comes within 3 % of, in integers that are the same on every machine.
func gearTurn(p Params) int {
	way := max(0, p.Average*3/4-p.Min)
	return p.Min + way*8/7
}

func (g *gear) MaxSize() int { return g.max }

func (g *gear) Cut(data []byte) int {
	data = data[:min(len(data), g.max)]
	if len(data) <= g.min {
		return len(data)
	}
	// Fill the window but for its last byte, so that the first place looked at is the end of a chunk of min bytes.
	start := g.min - 1
	h := uint64(0)
	for _, b := range data[g.min-gearWindow : start] {
		h = h<<1 + g.table[b]
	}
	turn := min(g.turn, len(data))
	n, h := g.scan(data[start:turn], h, g.lowLimit)
	if n > 0 {
		return start + n
	}
	n, _ = g.scan(data[turn:], h, g.highLimit)
	if n > 0 {
		return turn + n
	}
	return len(data)
}

// scan rolls the hash h over data up to the first byte after which it is below limit. It returns how many bytes that
// took, 0 if there is no such place, and the hash.
func (g *gear) scan(data []byte, h, limit uint64) (int, uint64) {
	for i, b := range data {
		h = h<<1 + g.table[b]
		if h < limit {
			return i + 1, h
		}
	}
	return 0, h
}
