#include "textflag.h"

// FOLD adds the four lanes of Y, X its low half, and leaves the sum in X. It changes X7.
#define FOLD(Y, X) \
	VEXTRACTI128 $1, Y, X7 \
	VPADDQ       X7, X, X \
	VPSRLDQ      $8, X, X7 \
	VPADDQ       X7, X, X

// ADD adds the products of 8 elements at P and those in Y4, the odd ones in Y5, to SUM.
#define ADD(P, SUM) \
	VMOVDQU (P), Y6 \
	VPMULDQ Y6, Y4, Y7 \
	VPSRLQ  $32, Y6, Y6 \
	VPMULDQ Y6, Y5, Y6 \
	VPADDQ  Y7, SUM, SUM \
	VPADDQ  Y6, SUM, SUM \
	ADDQ    $32, P

// func dotsAVX2(x, a, b, c *int32, n int) (p, q, r int64)
TEXT ·dotsAVX2(SB), NOSPLIT, $0-64
	MOVQ  x+0(FP), SI
	MOVQ  a+8(FP), R8
	MOVQ  b+16(FP), R9
	MOVQ  c+24(FP), R10
	MOVQ  n+32(FP), CX
	VPXOR Y0, Y0, Y0
	VPXOR Y1, Y1, Y1
	VPXOR Y2, Y2, Y2

next:
	VMOVDQU (SI), Y4
	VPSRLQ  $32, Y4, Y5
	ADD(R8, Y0)
	ADD(R9, Y1)
	ADD(R10, Y2)
	ADDQ    $32, SI
	SUBQ    $8, CX
	JNZ     next
	FOLD(Y0, X0)
	FOLD(Y1, X1)
	FOLD(Y2, X2)
	VMOVQ   X0, p+40(FP)
	VMOVQ   X1, q+48(FP)
	VMOVQ   X2, r+56(FP)
	VZEROUPPER
	RET

// MOVE moves 8 weights at P along the inputs in Y4, times the error in E.
#define MOVE(P, E) \
	VPMULLD E, Y4, Y5 \
	VPADDD  Y3, Y5, Y5 \
	VPSRAD  $14, Y5, Y5 \
	VPADDD  (P), Y5, Y5 \
	VMOVDQU Y5, (P) \
	ADDQ    $32, P

// func trainsAVX2(x, a, b, c *int32, n int, err0, err1, err2 int32)
TEXT ·trainsAVX2(SB), NOSPLIT, $0-52
	MOVQ         x+0(FP), SI
	MOVQ         a+8(FP), R8
	MOVQ         b+16(FP), R9
	MOVQ         c+24(FP), R10
	MOVQ         n+32(FP), CX
	MOVL         err0+40(FP), AX
	VMOVD        AX, X0
	VPBROADCASTD X0, Y0
	MOVL         err1+44(FP), AX
	VMOVD        AX, X1
	VPBROADCASTD X1, Y1
	MOVL         err2+48(FP), AX
	VMOVD        AX, X2
	VPBROADCASTD X2, Y2
	VPCMPEQD     Y3, Y3, Y3
	VPSRLD       $31, Y3, Y3
	VPSLLD       $13, Y3, Y3 // half

next:
	VMOVDQU (SI), Y4
	MOVE(R8, Y0)
	MOVE(R9, Y1)
	MOVE(R10, Y2)
	ADDQ    $32, SI
	SUBQ    $8, CX
	JNZ     next
	VZEROUPPER
	RET

// func cpuid(leaf, sub uint32) (a, b, c, d uint32)
TEXT ·cpuid(SB), NOSPLIT, $0-24
	MOVL leaf+0(FP), AX
	MOVL sub+4(FP), CX
	CPUID
	MOVL AX, a+8(FP)
	MOVL BX, b+12(FP)
	MOVL CX, c+16(FP)
	MOVL DX, d+20(FP)
	RET

// func xgetbv() uint32
TEXT ·xgetbv(SB), NOSPLIT, $0-4
	XORL CX, CX
	XGETBV
	MOVL AX, ret+0(FP)
	RET
