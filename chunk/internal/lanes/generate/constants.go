package main

import (
	"math"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
)

// roundConstants returns the constants of the 64 rounds: the first 32 bits of the fractional parts of the cube roots
// of the first 64 primes (FIPS 180-4, 4.2.2). A float64 has room for those and the three bits before the point.
func roundConstants() (constants []uint32) {
	for p := 2; len(constants) < 64; p++ {
		if isPrime(p) {
			_, fraction := math.Modf(math.Cbrt(float64(p)))
			constants = append(constants, uint32(fraction*(1<<32)))
		}
	}
	return constants
}

func isPrime(n int) bool {
	for d := 2; d*d <= n; d++ {
		if n%d == 0 {
			return false
		}
	}
	return true
}

// table adds read-only data: each word as often as times says.
func table(c *build.Context, name string, words []uint32, times int) operand.Mem {
	t := c.StaticGlobal(name)
	c.DataAttributes(attr.RODATA | attr.NOPTR)
	for _, w := range words {
		for range times {
			c.AppendDatum(operand.U32(w))
		}
	}
	return t
}

// swapBytes adds what VPSHUFB needs to turn round the bytes of each word, in registers of so many words.
func swapBytes(c *build.Context, name string, words int) operand.Mem {
	mask := make([]uint32, words)
	for i := range mask {
		mask[i] = 0x00010203 + 0x04040404*uint32(i%4) // the shuffle stays within 128 bits
	}
	return table(c, name, mask, 1)
}
