// Gen writes the AVX2 kernels of matrix products and of attention's softmax:
// go run . -out ../tile_amd64.s -stubs ../tile_amd64.go -pkg model
package main

import (
	"fmt"
	"math"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// registers is the number of YMM registers, of 8 numbers each, that a row of a tile takes.
const registers = 2

// tile writes the function that adds to rows of 16 columns of c, ldc numbers apart, the product
// of rows of a, lda apart, and b, a panel (k, 16).
func tile(rows int) {
	TEXT(fmt.Sprintf("tile%dAVX2", rows), NOSPLIT, "func(k int, a *float32, lda int, b, c *float32, ldc int)")
	Pragma("noescape")
	k := Load(Param("k"), GP64())
	a := Load(Param("a"), GP64())
	lda := Load(Param("lda"), GP64())
	b := Load(Param("b"), GP64())
	c := Load(Param("c"), GP64())
	ldc := Load(Param("ldc"), GP64())
	SHLQ(U8(2), lda)
	SHLQ(U8(2), ldc)
	// Rows 0 to 2 are addressed from a, 3 to 5 from further.
	further := GP64()
	LEAQ(Mem{Base: a, Index: lda, Scale: 2}, further)
	ADDQ(lda, further)
	row := func(r int) Mem {
		base := a
		if r >= 3 {
			base, r = further, r-3
		}
		if r == 0 {
			return Mem{Base: base}
		}
		return Mem{Base: base, Index: lda, Scale: uint8(r)}
	}
	sums := make([]reg.VecVirtual, rows*registers)
	start := GP64()
	MOVQ(c, start)
	for r := range rows {
		for v := range registers {
			sums[r*registers+v] = YMM()
			VMOVUPS(Mem{Base: start, Disp: 32 * v}, sums[r*registers+v])
		}
		ADDQ(ldc, start)
	}
	panel := []reg.VecVirtual{YMM(), YMM()}
	x := YMM()
	Label("loop")
	for v, p := range panel {
		VMOVUPS(Mem{Base: b, Disp: 32 * v}, p)
	}
	for r := range rows {
		VBROADCASTSS(row(r), x)
		for v, p := range panel {
			VFMADD231PS(p, x, sums[r*registers+v])
		}
	}
	ADDQ(U32(4), a)
	ADDQ(U32(4), further)
	ADDQ(U32(64), b)
	DECQ(k)
	JNZ(LabelRef("loop"))
	for r := range rows {
		for v := range registers {
			VMOVUPS(sums[r*registers+v], Mem{Base: c, Disp: 32 * v})
		}
		ADDQ(ldc, c)
	}
	VZEROUPPER()
	RET()
}

// constants are the operands of softmax. Each is stored eight times.
var constants = []float32{math.Log2E, -126, math.Ln2, 1.0 / 720, 1.0 / 120, 1.0 / 24, 1.0 / 6, 0.5, 1}

// softmax writes the function that sets each of n numbers, n a multiple of 8, to
// exp((x - largest) * scale) and returns their sum. exp(x) is 2^whole, an exponent, times a
// series for the fraction, which is at most 1/2: the relative error is below 1e-6.
func softmax() {
	data := GLOBL("softmaxConstants", attr.RODATA|attr.NOPTR)
	for i, c := range constants {
		for k := range 8 {
			DATA(32*i+4*k, F32(c))
		}
	}
	bias := GLOBL("softmaxBias", attr.RODATA|attr.NOPTR)
	for k := range 8 {
		DATA(4*k, U32(127))
	}
	TEXT("softmaxAVX2", NOSPLIT, "func(x *float32, n int, scale float32) float32")
	Pragma("noescape")
	x := Load(Param("x"), GP64())
	n := Load(Param("n"), GP64())
	scale := YMM()
	address, err := Param("scale").Resolve()
	if err != nil {
		panic(err)
	}
	VBROADCASTSS(address.Addr, scale)
	VMULPS(data.Offset(0), scale, scale)

	most := YMM()
	VMOVUPS(Mem{Base: x}, most)
	at, left := GP64(), GP64()
	MOVQ(x, at)
	MOVQ(n, left)
	Label("largest")
	VMAXPS(Mem{Base: at}, most, most)
	ADDQ(U32(32), at)
	SUBQ(U32(8), left)
	JNZ(LabelRef("largest"))
	across(most, VMAXPS)

	sum := YMM()
	VXORPS(sum, sum, sum)
	MOVQ(x, at)
	Label("each")
	t, whole, p := YMM(), YMM(), YMM()
	VMOVUPS(Mem{Base: at}, t)
	VSUBPS(most, t, t)
	VMULPS(scale, t, t)
	VMAXPS(data.Offset(32), t, t)
	VROUNDPS(U8(0), t, whole)
	VSUBPS(whole, t, t)
	VMULPS(data.Offset(64), t, t)
	VMOVUPS(data.Offset(96), p)
	for i := 4; i < len(constants); i++ {
		VFMADD213PS(data.Offset(32*i), t, p)
	}
	VFMADD213PS(data.Offset(32*(len(constants)-1)), t, p)
	VCVTPS2DQ(whole, whole)
	VPADDD(bias.Offset(0), whole, whole)
	VPSLLD(U8(23), whole, whole)
	VMULPS(whole, p, p)
	VMOVUPS(p, Mem{Base: at})
	VADDPS(p, sum, sum)
	ADDQ(U32(32), at)
	SUBQ(U32(8), n)
	JNZ(LabelRef("each"))
	across(sum, VADDPS)
	Store(sum.AsX(), ReturnIndex(0))
	VZEROUPPER()
	RET()
}

// across combines the eight numbers of v by join and sets all of them to the result.
func across(v reg.VecVirtual, join func(ops ...Op)) {
	other := YMM()
	VPERM2F128(U8(1), v, v, other)
	join(other, v, v)
	VPERMILPS(U8(0x4e), v, other)
	join(other, v, v)
	VPERMILPS(U8(0xb1), v, other)
	join(other, v, v)
}

func main() {
	for rows := 1; rows <= 6; rows++ {
		tile(rows)
	}
	softmax()
	Generate()
}
