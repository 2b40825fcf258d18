package main

import (
	op "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// addRotated adds to h the exclusive or of x rotated right by p, q and r.
func (c *avx2) addRotated(x reg.VecPhysical, p, q, r op.U8, h reg.VecPhysical) {
	c.VPSRLD(p, x, c.sum)
	c.VPSLLD(32-p, x, c.spare[0])
	c.VPXOR(c.spare[0], c.sum, c.sum)
	c.xorRotated(x, q)
	c.xorRotated(x, r)
	c.VPADDD(c.sum, h, h)
}

// addShifted adds to next the exclusive or of a word rotated right by p and q, and shifted right by r.
func (c *avx2) addShifted(word op.Mem, p, q, r op.U8) {
	x := c.spare[4]
	c.VMOVDQA(word, x)
	c.VPSRLD(r, x, c.sum)
	c.xorRotated(x, p)
	c.xorRotated(x, q)
	c.VPADDD(c.sum, c.next, c.next)
}

// xorRotated combines sum with x rotated right. AVX2 has no rotation, only the two shifts that it consists of.
func (c *avx2) xorRotated(x reg.VecPhysical, by op.U8) {
	left, right := c.spare[0], c.spare[1]
	c.VPSLLD(32-by, x, left)
	c.VPSRLD(by, x, right)
	c.VPXOR(left, c.sum, c.sum)
	c.VPXOR(right, c.sum, c.sum)
}
