// Gen writes the kernels of matrix products: go run . -out ../tile_amd64.s
package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// columns of a tile: two registers of 8 numbers.
const registers = 2

// tile writes the function that adds to rows of 16 columns of c the rows of a, lda numbers
// apart, by a packed panel of 16 columns of b.
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

func main() {
	for rows := 1; rows <= 6; rows++ {
		tile(rows)
	}
	Generate()
}
