#include "textflag.h"

// func updateDotAVX2(w, s, x *int32, n int, sign int32) int64
TEXT ·updateDotAVX2(SB), NOSPLIT, $0-48
	MOVQ  w+0(FP), DI
	MOVQ  s+8(FP), SI
	MOVQ  x+16(FP), DX
	MOVQ  n+24(FP), CX
	MOVL  sign+32(FP), R10
	VMOVD R10, X7
	VPBROADCASTD X7, Y7
	VPXOR Y5, Y5, Y5
	VPXOR Y6, Y6, Y6

eight:
	CMPQ    CX, $8
	JLT     four
	VMOVDQU (SI), Y0
	VPSIGND Y7, Y0, Y0
	VPADDD  (DI), Y0, Y0
	VMOVDQU Y0, (DI)
	VMOVDQU (DX), Y1
	VPMULDQ Y1, Y0, Y2       // the even ones, 64 bits each
	VPSRLQ  $32, Y0, Y3
	VPSRLQ  $32, Y1, Y4
	VPMULDQ Y4, Y3, Y3       // the odd ones
	VPADDQ  Y2, Y5, Y5
	VPADDQ  Y3, Y6, Y6
	ADDQ    $32, DI
	ADDQ    $32, SI
	ADDQ    $32, DX
	SUBQ    $8, CX
	JMP     eight

four:
	VPADDQ       Y6, Y5, Y5
	VEXTRACTI128 $1, Y5, X6
	VPADDQ       X6, X5, X5
	CMPQ         CX, $4
	JLT          sum
	VMOVDQU      (SI), X0
	VPSIGND      X7, X0, X0
	VPADDD       (DI), X0, X0
	VMOVDQU      X0, (DI)
	VMOVDQU      (DX), X1
	VPMULDQ      X1, X0, X2
	VPSRLQ       $32, X0, X3
	VPSRLQ       $32, X1, X4
	VPMULDQ      X4, X3, X3
	VPADDQ       X2, X5, X5
	VPADDQ       X3, X5, X5
	ADDQ         $16, DI
	ADDQ         $16, SI
	ADDQ         $16, DX
	SUBQ         $4, CX

sum:
	VPSRLDQ $8, X5, X6
	VPADDQ  X6, X5, X5
	VMOVQ   X5, AX
	VZEROUPPER

one:
	TESTQ   CX, CX
	JZ      done
	MOVL    (SI), R8
	IMULL   R10, R8
	ADDL    (DI), R8
	MOVL    R8, (DI)
	MOVLQSX R8, R8
	MOVLQSX (DX), R9
	IMULQ   R9, R8
	ADDQ    R8, AX
	ADDQ    $4, DI
	ADDQ    $4, SI
	ADDQ    $4, DX
	DECQ    CX
	JMP     one

done:
	MOVQ AX, ret+40(FP)
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
