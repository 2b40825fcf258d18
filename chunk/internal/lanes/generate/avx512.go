package main

import (
	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	op "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Truth tables for VPTERNLOGD: what becomes of the bits of the destination and of the two sources.
const (
	xor3     = op.U8(0x96)
	choose   = op.U8(0xca) // the first source where the destination has a one, the second where it has a zero
	majority = op.U8(0xe8)
)

// avx512 writes the kernel of 16 lanes. A register holds one word of every lane: eight hold the state, sixteen those
// words of the message schedule that are still needed, and eight are left to compute with.
type avx512 struct {
	*build.Context
	state [8]reg.VecVirtual
	words [16]reg.VecVirtual
}

func blocksAVX512(ctx *build.Context) {
	constants := table(ctx, "constants16", roundConstants(), 1)
	swap := swapBytes(ctx, "swap16", 16)
	ctx.Function("blocksAVX512")
	ctx.Attributes(attr.NOSPLIT)
	ctx.Pragma("noescape")
	ctx.SignatureExpr("func(state *[8][16]uint32, data *[16][]byte, blocks int)")
	ctx.Doc("blocksAVX512 hashes so many blocks, at least one, of each of 16 lanes. It needs AVX-512 F and BW.")

	c := &avx512{Context: ctx}
	for i := range c.words {
		c.words[i] = c.ZMM()
	}
	state := op.Mem{Base: c.Load(c.Param("state"), c.GP64())}
	data := op.Mem{Base: c.Load(c.Param("data"), c.GP64())}
	blocks := c.Load(c.Param("blocks"), c.GP64())
	for i := range c.state {
		c.state[i] = c.ZMM()
		c.VMOVDQU32(state.Offset(64*i), c.state[i])
	}
	at := c.GP64()
	c.XORQ(at, at)

	c.Label("block16")
	c.loadWords(data, at, swap)
	c.rounds(constants)
	for i, s := range c.state {
		c.VPADDD(state.Offset(64*i), s, s)
		c.VMOVDQU32(s, state.Offset(64*i))
	}
	c.ADDQ(op.Imm(64), at)
	c.DECQ(blocks)
	c.JNZ(op.LabelRef("block16"))
	c.VZEROUPPER()
	c.RET()
}

// rounds writes a loop of sixteen rounds which also make the next sixteen words, and the last sixteen rounds. The 64 in
// a row were no faster, and would not fit the cache of decoded instructions that older CPUs have.
func (c *avx512) rounds(constants op.Mem) {
	constant, last := c.GP64(), c.GP64()
	c.LEAQ(constants, constant)
	c.LEAQ(constants.Offset(4*48), last)
	c.Label("rounds16")
	for i := range 16 {
		c.round(i, op.Mem{Base: constant, Disp: 4 * i})
		c.nextWord(i)
	}
	c.ADDQ(op.Imm(4*16), constant)
	c.CMPQ(constant, last)
	c.JNE(op.LabelRef("rounds16"))
	for i := range 16 {
		c.round(i, op.Mem{Base: constant, Disp: 4 * i})
	}
}

// round writes round i. Instead of moving the words of the state from one register to the next, each round gives the
// registers other names.
func (c *avx512) round(i int, constant op.Mem) {
	name := func(n int) reg.VecVirtual { return c.state[(n-i)&7] }
	a, b, d, e, f, g, h := name(0), name(1), name(3), name(4), name(5), name(6), name(7)

	c.VPADDD(c.words[i], h, h)
	c.VPADDD_BCST(constant, h, h)
	c.VPADDD(c.ternary(choose, e, f, g), h, h)
	c.VPADDD(c.mixed(e, 6, 11, c.VPRORD, 25), h, h)
	c.VPADDD(h, d, d)
	c.VPADDD(c.ternary(majority, a, b, name(2)), h, h)
	c.VPADDD(c.mixed(a, 2, 13, c.VPRORD, 22), h, h)
}

// nextWord replaces word i of the schedule by the one sixteen rounds later.
func (c *avx512) nextWord(i int) {
	w := c.words[i]
	c.VPADDD(c.words[(i+9)&15], w, w)
	c.VPADDD(c.mixed(c.words[(i+1)&15], 7, 18, c.VPSRLD, 3), w, w)
	c.VPADDD(c.mixed(c.words[(i+14)&15], 17, 19, c.VPSRLD, 10), w, w)
}

// ternary returns what a truth table makes of the bits of three registers.
func (c *avx512) ternary(truth op.U8, x, y, z reg.VecVirtual) reg.VecVirtual {
	t := c.ZMM()
	c.VMOVDQA32(x, t)
	c.VPTERNLOGD(truth, z, y, t)
	return t
}

// mixed returns the exclusive or of x rotated right by p, by q, and rotated or shifted right by r.
func (c *avx512) mixed(x reg.VecVirtual, p, q op.U8, third func(...op.Op), r op.U8) reg.VecVirtual {
	s, t, u := c.ZMM(), c.ZMM(), c.ZMM()
	c.VPRORD(p, x, s)
	c.VPRORD(q, x, t)
	third(r, x, u)
	c.VPTERNLOGD(xor3, t, u, s)
	return s
}
