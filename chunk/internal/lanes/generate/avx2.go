package main

import (
	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	op "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// avx2 writes the kernel of 8 lanes. A register holds one word of every lane. There are sixteen registers, eight of
// which hold the state, so the words of the message schedule stay in memory. Each register is named here: the allocator
// would also use those that only AVX-512 has.
type avx2 struct {
	*build.Context
	state [8]reg.VecPhysical
	bc    reg.VecPhysical    // b^c of the round that is written: the round before computed it, as its a^b
	next  reg.VecPhysical    // a word of the schedule in the making
	sum   reg.VecPhysical    // what will be added next
	spare [5]reg.VecPhysical // for nothing that lasts
	words op.Mem
}

func blocksAVX2(ctx *build.Context) {
	constants := table(ctx, "constants8", roundConstants(), 8) // AVX2 cannot add one word to all lanes
	swap := swapBytes(ctx, "swap8", 8)
	ctx.Function("blocksAVX2")
	ctx.Attributes(attr.NOSPLIT)
	ctx.Pragma("noescape")
	ctx.SignatureExpr("func(state *[8][16]uint32, data *[16][]byte, blocks int)")
	ctx.Doc("blocksAVX2 hashes so many blocks, at least one, of each of the first 8 lanes. It needs AVX2.")

	c := &avx2{
		Context: ctx,
		state:   [8]reg.VecPhysical{reg.Y0, reg.Y1, reg.Y2, reg.Y3, reg.Y4, reg.Y5, reg.Y6, reg.Y7},
		bc:      reg.Y8, next: reg.Y9, sum: reg.Y10,
		spare: [5]reg.VecPhysical{reg.Y11, reg.Y12, reg.Y13, reg.Y14, reg.Y15},
	}
	c.allocateWords()
	state := op.Mem{Base: c.Load(c.Param("state"), c.GP64())}
	data := op.Mem{Base: c.Load(c.Param("data"), c.GP64())}
	blocks := c.Load(c.Param("blocks"), c.GP64())
	for i, s := range c.state {
		c.VMOVDQU(state.Offset(64*i), s)
	}
	at := c.GP64()
	c.XORQ(at, at)

	c.Label("block8")
	c.loadWords(data, at, swap)
	c.rounds(constants)
	for i, s := range c.state {
		c.VPADDD(state.Offset(64*i), s, s)
		c.VMOVDQU(s, state.Offset(64*i))
	}
	c.ADDQ(op.Imm(64), at)
	c.DECQ(blocks)
	c.JNZ(op.LabelRef("block8"))
	c.VZEROUPPER()
	c.RET()
}

// rounds writes a loop of sixteen rounds which also make the next sixteen words, and the last sixteen rounds.
func (c *avx2) rounds(constants op.Mem) {
	constant, last := c.GP64(), c.GP64()
	c.LEAQ(constants, constant)
	c.LEAQ(constants.Offset(32*48), last)
	c.VPXOR(c.state[1], c.state[2], c.bc)
	c.Label("rounds8")
	for i := range 16 {
		c.round(i, op.Mem{Base: constant, Disp: 32 * i})
		c.nextWord(i)
	}
	c.ADDQ(op.I32(32*16), constant)
	c.CMPQ(constant, last)
	c.JNE(op.LabelRef("rounds8"))
	for i := range 16 {
		c.round(i, op.Mem{Base: constant, Disp: 32 * i})
	}
}

// round writes round i. Instead of moving the words of the state from one register to the next, each round gives the
// registers other names.
func (c *avx2) round(i int, constant op.Mem) {
	name := func(n int) reg.VecPhysical { return c.state[(n-i)&7] }
	a, b, d, e, f, g, h := name(0), name(1), name(3), name(4), name(5), name(6), name(7)

	c.VPADDD(c.word(i), h, h)
	c.VPADDD(constant, h, h)
	c.addChoice(e, f, g, h)
	c.addRotated(e, 6, 11, 25, h)
	c.VPADDD(h, d, d)
	c.addMajority(a, b, h)
	c.addRotated(a, 2, 13, 22, h)
}

// addChoice adds to h the bits of f where e has a one and those of g where it has a zero: g ^ (e & f^g).
func (c *avx2) addChoice(e, f, g, h reg.VecPhysical) {
	c.VPXOR(f, g, c.sum)
	c.VPAND(e, c.sum, c.sum)
	c.VPXOR(g, c.sum, c.sum)
	c.VPADDD(c.sum, h, h)
}

// addMajority adds to h the majority of a, b and c: b, unless it differs from both others: b ^ (a^b & b^c).
func (c *avx2) addMajority(a, b, h reg.VecPhysical) {
	c.VPXOR(a, b, c.sum)
	c.VPAND(c.sum, c.bc, c.bc)
	c.VPXOR(b, c.bc, c.bc)
	c.VPADDD(c.bc, h, h)
	c.VMOVDQA(c.sum, c.bc)
}

// nextWord replaces word i of the schedule by the one sixteen rounds later.
func (c *avx2) nextWord(i int) {
	c.VMOVDQA(c.word(i), c.next)
	c.VPADDD(c.word(i+9), c.next, c.next)
	c.addShifted(c.word(i+1), 7, 18, 3)
	c.addShifted(c.word(i+14), 17, 19, 10)
	c.VMOVDQA(c.next, c.word(i))
}
