package main

import (
	op "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// sliceSize is the size of a slice in Go. It begins with the pointer.
const sliceSize = 24

// loadWords loads the 64 bytes of each lane's block and transposes them, so that words[i] holds word i of all lanes.
func (c *avx512) loadWords(data op.Mem, at reg.Register, swap op.Mem) {
	for lane := 0; lane < 16; lane += 4 {
		c.loadFourLanes(data, at, swap, lane)
	}
	for column := range 4 {
		c.transposeQuarters(column)
	}
}

// loadFourLanes loads four lanes and transposes them within each 128 bits. Register number column of the four then
// holds, in its 128 bits number q, word 4q+column of the four lanes.
func (c *avx512) loadFourLanes(data op.Mem, at reg.Register, swap op.Mem, lane int) {
	r := c.words[lane : lane+4]
	for i, lanes := range r {
		pointer := c.GP64()
		c.MOVQ(data.Offset(sliceSize*(lane+i)), pointer)
		c.VMOVDQU32(op.Mem{Base: pointer, Index: at, Scale: 1}, lanes)
		c.VPSHUFB(swap, lanes, lanes)
	}
	low01, high01, low23, high23 := c.ZMM(), c.ZMM(), c.ZMM(), c.ZMM()
	c.VPUNPCKLDQ(r[1], r[0], low01)
	c.VPUNPCKHDQ(r[1], r[0], high01)
	c.VPUNPCKLDQ(r[3], r[2], low23)
	c.VPUNPCKHDQ(r[3], r[2], high23)
	c.VPUNPCKLQDQ(low23, low01, r[0])
	c.VPUNPCKHQDQ(low23, low01, r[1])
	c.VPUNPCKLQDQ(high23, high01, r[2])
	c.VPUNPCKHQDQ(high23, high01, r[3])
}

// transposeQuarters transposes the registers of one column, of each four lanes, as a matrix of 128-bit elements.
func (c *avx512) transposeQuarters(column int) {
	var r [4]reg.VecVirtual
	for i := range r {
		r[i] = c.words[4*i+column]
	}
	low01, high01, low23, high23 := c.ZMM(), c.ZMM(), c.ZMM(), c.ZMM()
	const firstTwo, lastTwo, even, odd = op.U8(0x44), op.U8(0xee), op.U8(0x88), op.U8(0xdd) // elements of each source
	c.VSHUFI32X4(firstTwo, r[1], r[0], low01)
	c.VSHUFI32X4(lastTwo, r[1], r[0], high01)
	c.VSHUFI32X4(firstTwo, r[3], r[2], low23)
	c.VSHUFI32X4(lastTwo, r[3], r[2], high23)
	c.VSHUFI32X4(even, low23, low01, r[0])
	c.VSHUFI32X4(odd, low23, low01, r[1])
	c.VSHUFI32X4(even, high23, high01, r[2])
	c.VSHUFI32X4(odd, high23, high01, r[3])
}
