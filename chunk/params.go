package chunk

import (
	"errors"
	"fmt"
	"math/bits"
)

// Algorithm is a way to cut, by the name it has in a store's configuration.
type Algorithm string

const (
	// Gear cuts where a rolling gear hash falls below a threshold (FastCDC with normalised chunking). Inserting or
	// removing bytes moves only the boundaries nearby. It is the fastest of the content-defined ways.
	Gear Algorithm = "gear"
	// Rabin cuts where a Rabin fingerprint has zeros, exactly as github.com/restic/chunker does. It deduplicates about
	// as Gear does at around a quarter of its speed.
	Rabin Algorithm = "rabin"
	// Fixed cuts every Average bytes. It suits images whose blocks are overwritten in place and never move.
	Fixed Algorithm = "fixed"
)

// Bounds on every size in Params, in bytes.
const (
	MinSize = 64      // what the rolling hashes look back on
	MaxSize = 8 << 20 // a reader of any store can hold a chunk of this size
)

// Params say how a store cuts. They are recorded with it: what is cut with others finds no duplicates there.
type Params struct {
	Algorithm Algorithm `json:"algorithm"`
	Min       int       `json:"min"`     // least bytes in a chunk, the last of a stream excepted
	Average   int       `json:"average"` // bytes in a chunk aimed at; see [Params.Validate] for each algorithm's demands
	Max       int       `json:"max"`     // most bytes in a chunk
}

// DefaultParams returns what a new store uses unless told otherwise: gear, 16 KiB to 256 KiB, 64 KiB on average.
func DefaultParams() Params {
	return Params{Algorithm: Gear, Min: 16 << 10, Average: 64 << 10, Max: 256 << 10}
}

// Validate checks that MinSize <= Min <= Average <= Max <= MaxSize and what the algorithm demands beyond:
//
//   - gear: nothing. On random data chunks have Average bytes in the mean, within 5 % if Min <= Average/2 and
//     Max >= 3*Average; without such room the limits push the mean towards themselves.
//   - rabin: Average is a power of two. Chunks have about Min+Average bytes in the mean, less what Max takes off.
//   - fixed: all three are equal.
func (p Params) Validate() error {
	if err := p.check(); err != nil {
		return fmt.Errorf("chunk parameters %s %d/%d/%d: %w", quoteStart(string(p.Algorithm)), p.Min, p.Average, p.Max, err)
	}
	return nil
}

func (p Params) check() error {
	switch {
	case p.Algorithm != Gear && p.Algorithm != Rabin && p.Algorithm != Fixed:
		return fmt.Errorf("unknown algorithm, want %s, %s or %s", Gear, Rabin, Fixed)
	case p.Min < MinSize:
		return fmt.Errorf("min is less than %d bytes", MinSize)
	case p.Max > MaxSize:
		return fmt.Errorf("max is more than %d bytes", MaxSize)
	case p.Average < p.Min || p.Max < p.Average:
		return errors.New("want min <= average <= max")
	case p.Algorithm == Rabin && bits.OnesCount(uint(p.Average)) != 1:
		return errors.New("average is not a power of two")
	case p.Algorithm == Fixed && p.Min != p.Max:
		return errors.New("min, average and max must be equal for fixed")
	}
	return nil
}

// Splitter returns the Splitter that p describe, or the error of Validate.
//
// Gear and Rabin are keyed: their tables derive from secret, any number of bytes that the store keeps (32 random ones
// are right), so that the sizes of a store's chunks do not tell at a glance which known files it holds. That hampers
// comparison; it is no proof against an attacker who can have chosen data stored and sees the sizes. A nil secret is
// allowed and gives boundaries that are the same everywhere. Fixed uses no secret.
//
// Equal parameters and secret cut equally on every machine and in every release.
func (p Params) Splitter(secret []byte) (Splitter, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	switch p.Algorithm {
	case Gear:
		return newGear(p, secret)
	case Rabin:
		return newRabin(p, secret)
	default:
		return fixed(p.Average), nil
	}
}
