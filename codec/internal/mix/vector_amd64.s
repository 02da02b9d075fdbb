#include "textflag.h"

// Vector instructions of least squares and filters. Each does what its plain twin in Go does,
// with the same result: sums of whole numbers have no order.

// SUM adds the four lanes of Y0, X0 its low half, to AX. It changes X1.
#define SUM \
	VEXTRACTI128 $1, Y0, X1 \
	VPADDQ       X1, X0, X0 \
	VPSRLDQ      $8, X0, X1 \
	VPADDQ       X1, X0, X0 \
	VMOVQ        X0, AX

// func dotAVX2(w, x *int32, n int) int64
TEXT ·dotAVX2(SB), NOSPLIT, $0-32
	MOVQ  w+0(FP), SI
	MOVQ  x+8(FP), DI
	MOVQ  n+16(FP), CX
	VPXOR Y0, Y0, Y0

next:
	VPMOVSXDQ (SI), Y1
	VPMOVSXDQ (DI), Y2
	VPMULDQ   Y1, Y2, Y1
	VPADDQ    Y1, Y0, Y0
	ADDQ      $16, SI
	ADDQ      $16, DI
	SUBQ      $4, CX
	JNZ       next
	SUM
	VZEROUPPER
	MOVQ AX, ret+24(FP)
	RET

// func moveAndSumAVX2(weights, past *int32, n int, step int32, double uint64) int64
TEXT ·moveAndSumAVX2(SB), NOSPLIT, $0-48
	MOVQ         weights+0(FP), SI
	MOVQ         past+8(FP), DI
	MOVQ         n+16(FP), CX
	MOVL         step+24(FP), AX
	VMOVD        AX, X15
	VPBROADCASTD X15, Y15
	VMOVQ        double+32(FP), X14
	VPCMPEQD     Y13, Y13, Y13
	VPSRLQ       $63, Y13, Y13
	VPSLLQ       $31, Y13, Y13 // half
	VPXOR        Y0, Y0, Y0
	VPXOR        Y5, Y5, Y5

next:
	VMOVDQU  (DI), Y1
	VPSLLD   X14, Y1, Y1
	VPSRLQ   $32, Y1, Y2
	VPMULDQ  Y15, Y1, Y1
	VPMULDQ  Y15, Y2, Y2
	VPADDQ   Y13, Y1, Y1
	VPADDQ   Y13, Y2, Y2
	VPSRLQ   $32, Y1, Y1
	VPBLENDD $0xAA, Y2, Y1, Y1
	VPADDD   (SI), Y1, Y1
	VMOVDQU  Y1, (SI)
	VMOVDQU  4(DI), Y3
	VPMULDQ  Y1, Y3, Y4
	VPADDQ   Y4, Y0, Y0
	VPSRLQ   $32, Y1, Y1
	VPSRLQ   $32, Y3, Y3
	VPMULDQ  Y1, Y3, Y3
	VPADDQ   Y3, Y5, Y5
	ADDQ     $32, SI
	ADDQ     $32, DI
	SUBQ     $8, CX
	JNZ      next
	VPADDQ   Y5, Y0, Y0
	SUM
	VZEROUPPER
	MOVQ AX, ret+40(FP)
	RET

// FADE takes x >> fade from x, arithmetically: x + bias is positive. It changes Y4.
#define FADE(x) \
	VPADDQ Y13, x, Y4  \
	VPSRLQ X15, Y4, Y4 \
	VPSUBQ Y14, Y4, Y4 \
	VPSUBQ Y4, x, x

// PRODUCT adds the products of Y4 with a number to sum. It changes Y5.
#define PRODUCT(number, sum) \
	VPBROADCASTD number, Y5    \
	VPMULDQ      Y4, Y5, Y5    \
	VPADDQ       Y5, sum, sum

// func addProductsAVX2(sums *int64, rows *int32, stride, every int, fade uint64)
//
// It goes tile by tile of four rows, from BX on, and four columns, from DX on, which Y0 to Y3
// hold. R8 is a row of sums in bytes, R9 one of rows.
TEXT ·addProductsAVX2(SB), NOSPLIT, $0-40
	MOVQ     sums+0(FP), DI
	MOVQ     rows+8(FP), SI
	MOVQ     stride+16(FP), R9
	VMOVQ    fade+32(FP), X15
	VPCMPEQD Y13, Y13, Y13
	VPSRLQ   $63, Y13, Y13
	VPSLLQ   $62, Y13, Y13 // bias
	VPSRLQ   X15, Y13, Y14
	LEAQ     (R9)(R9*2), R10
	SHLQ     $3, R10      // three rows
	MOVQ     R9, R8
	SHLQ     $3, R8
	SHLQ     $2, R9
	XORQ     BX, BX

row:
	MOVQ BX, DX

tile:
	LEAQ    (DI)(DX*8), R11
	LEAQ    (R11)(R10*1), R12
	VMOVDQU (R11), Y0
	VMOVDQU (R11)(R8*1), Y1
	VMOVDQU (R11)(R8*2), Y2
	VMOVDQU (R12), Y3
	FADE(Y0)
	FADE(Y1)
	FADE(Y2)
	FADE(Y3)
	LEAQ    (SI)(BX*4), R13
	LEAQ    (SI)(DX*4), AX
	MOVQ    every+24(FP), CX

next:
	VPMOVSXDQ (AX), Y4
	PRODUCT((R13), Y0)
	PRODUCT(4(R13), Y1)
	PRODUCT(8(R13), Y2)
	PRODUCT(12(R13), Y3)
	ADDQ      R9, R13
	ADDQ      R9, AX
	DECQ      CX
	JNZ       next
	VMOVDQU   Y0, (R11)
	VMOVDQU   Y1, (R11)(R8*1)
	VMOVDQU   Y2, (R11)(R8*2)
	VMOVDQU   Y3, (R12)
	ADDQ      $4, DX
	CMPQ      DX, stride+16(FP)
	JLT       tile
	LEAQ      (DI)(R8*4), DI
	ADDQ      $4, BX
	CMPQ      BX, stride+16(FP)
	JLT       row
	VZEROUPPER
	RET

// func subtractAVX2(column, sums *int64, columns, factors *int32, stride, count, n int, scale uint64)
TEXT ·subtractAVX2(SB), NOSPLIT, $0-64
	MOVQ  column+0(FP), DI
	MOVQ  sums+8(FP), SI
	MOVQ  columns+16(FP), R8
	MOVQ  stride+32(FP), R10
	SHLQ  $2, R10
	MOVQ  n+48(FP), DX
	VMOVQ scale+56(FP), X15
	SUBQ  $8, DX
	JLT   last

eight:
	VMOVDQU (SI), Y0
	VMOVDQU 32(SI), Y1
	VPSLLQ  X15, Y0, Y0
	VPSLLQ  X15, Y1, Y1
	MOVQ    R8, R11
	MOVQ    factors+24(FP), R12
	MOVQ    count+40(FP), CX
	TESTQ   CX, CX
	JZ      store

next:
	VPBROADCASTD (R12), Y5
	VPMOVSXDQ    (R11), Y2
	VPMOVSXDQ    16(R11), Y3
	VPMULDQ      Y5, Y2, Y2
	VPMULDQ      Y5, Y3, Y3
	VPSUBQ       Y2, Y0, Y0
	VPSUBQ       Y3, Y1, Y1
	ADDQ         R10, R11
	ADDQ         R10, R12
	DECQ         CX
	JNZ          next

store:
	VMOVDQU Y0, (DI)
	VMOVDQU Y1, 32(DI)
	ADDQ    $64, DI
	ADDQ    $64, SI
	ADDQ    $32, R8
	SUBQ    $8, DX
	JGE     eight

last:
	ADDQ    $8, DX
	JZ      done
	VMOVDQU (SI), Y0
	VPSLLQ  X15, Y0, Y0
	MOVQ    factors+24(FP), R12
	MOVQ    count+40(FP), CX
	TESTQ   CX, CX
	JZ      storeLast

nextLast:
	VPBROADCASTD (R12), Y5
	VPMOVSXDQ    (R8), Y2
	VPMULDQ      Y5, Y2, Y2
	VPSUBQ       Y2, Y0, Y0
	ADDQ         R10, R8
	ADDQ         R10, R12
	DECQ         CX
	JNZ          nextLast

storeLast:
	VMOVDQU Y0, (DI)

done:
	VZEROUPPER
	RET
