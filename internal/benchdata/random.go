package benchdata

import (
	"encoding/binary"
	"math/bits"
)

// random is a sequence of numbers that depends on its seed alone (SplitMix64).
type random uint64

func (r *random) next() uint64 {
	*r += 0x9e3779b97f4a7c15
	z := uint64(*r)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below returns a number of 0 to n-1.
func (r *random) below(n int) int {
	high, _ := bits.Mul64(r.next(), uint64(n))
	return int(high)
}

// between returns a number of low to high-1.
func (r *random) between(low, high int) int { return low + r.below(high-low) }

// skewed returns a number of 0 to n-1, small ones far more often: each power of two is as likely as any other, as it is
// with the ranks of words in a text. It counts in integers, for the last bit of a logarithm depends on the machine.
func (r *random) skewed(n int) int {
	return r.below(min(n, 1<<r.below(bits.Len(uint(n))+1)))
}

// oneIn says yes once in n times.
func (r *random) oneIn(n int) bool { return r.below(n) == 0 }

// fill fills p with bytes that do not compress.
func (r *random) fill(p []byte) {
	for len(p) >= 8 {
		binary.LittleEndian.PutUint64(p, r.next())
		p = p[8:]
	}
	for i := range p {
		p[i] = byte(r.next())
	}
}

// Random returns n bytes that do not compress.
func Random(n int, seed uint64) []byte {
	r := random(seed)
	p := make([]byte, n)
	r.fill(p)
	return p
}
