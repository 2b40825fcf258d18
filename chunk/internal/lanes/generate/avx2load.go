package main

import (
	op "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// allocateWords finds room for sixteen words of each lane on the stack. Go aligns the stack to less than the 32 bytes
// without which half the loads and stores would touch two cache lines.
func (c *avx2) allocateWords() {
	local := c.AllocLocal(16*32 + 32)
	base := c.GP64()
	c.LEAQ(local.Offset(31), base)
	c.ANDQ(op.I32(-32), base)
	c.words = op.Mem{Base: base}
}

// word returns where word i of the message schedule is, or the one that took its place.
func (c *avx2) word(i int) op.Mem { return c.words.Offset(32 * (i & 15)) }

// loadWords loads the 64 bytes of each lane's block and transposes them, so that word(i) holds word i of all lanes.
func (c *avx2) loadWords(data op.Mem, at reg.Register, swap op.Mem) {
	for first := 0; first < 16; first += 4 {
		c.loadFourWords(data, at, swap, first)
	}
}

// loadFourWords loads four words of each lane. Lanes i and i+4 go to the halves of register i, so that transposing four
// registers within each 128 bits is all that is left to do.
func (c *avx2) loadFourWords(data op.Mem, at reg.Register, swap op.Mem, first int) {
	r := [4]reg.VecPhysical{c.bc, c.next, c.sum, c.spare[0]}
	for i, lanes := range r {
		c.VMOVDQU(c.block(data, i, at, first), lanes.AsX())
		c.VINSERTI128(op.Imm(1), c.block(data, i+4, at, first), lanes, lanes)
		c.VPSHUFB(swap, lanes, lanes)
	}
	low01, high01, low23, high23 := c.spare[1], c.spare[2], c.spare[3], c.spare[4]
	c.VPUNPCKLDQ(r[1], r[0], low01)
	c.VPUNPCKHDQ(r[1], r[0], high01)
	c.VPUNPCKLDQ(r[3], r[2], low23)
	c.VPUNPCKHDQ(r[3], r[2], high23)
	c.VPUNPCKLQDQ(low23, low01, r[0])
	c.VPUNPCKHQDQ(low23, low01, r[1])
	c.VPUNPCKLQDQ(high23, high01, r[2])
	c.VPUNPCKHQDQ(high23, high01, r[3])
	for i, lanes := range r {
		c.VMOVDQA(lanes, c.word(first+i))
	}
}

// block returns where a lane's block is, from one of its words on.
func (c *avx2) block(data op.Mem, lane int, at reg.Register, word int) op.Mem {
	pointer := c.GP64()
	c.MOVQ(data.Offset(sliceSize*lane), pointer)
	return op.Mem{Base: pointer, Index: at, Scale: 1, Disp: 4 * word}
}
