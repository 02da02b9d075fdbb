#include "textflag.h"

// func dotsAVX2(in *int32, n int, weights *int32, rows *int32, sets int, x *int32)
TEXT ·dotsAVX2(SB), NOSPLIT, $0-48
	MOVQ in+0(FP), SI
	MOVQ n+8(FP), CX
	MOVQ weights+16(FP), R8
	MOVQ rows+24(FP), R9
	MOVQ sets+32(FP), R10
	MOVQ x+40(FP), R11
	SHLQ $2, CX

set:
	MOVLQSX (R9), DI
	LEAQ    (R8)(DI*4), DI
	XORQ    AX, AX
	VPXOR   Y0, Y0, Y0

next:
	VMOVDQU (SI)(AX*1), Y1
	VPMULLD (DI)(AX*1), Y1, Y1
	VPADDD  Y1, Y0, Y0
	ADDQ    $32, AX
	CMPQ    AX, CX
	JLT     next
	VEXTRACTI128 $1, Y0, X1
	VPADDD  X1, X0, X0
	VPSHUFD $0x4E, X0, X1
	VPADDD  X1, X0, X0
	VPSHUFD $0xB1, X0, X1
	VPADDD  X1, X0, X0
	VMOVD   X0, (R11)
	ADDQ    $4, R9
	ADDQ    $4, R11
	DECQ    R10
	JNZ     set
	VZEROUPPER
	RET

// func trainAVX2(in *int32, n int, weights *int32, rows *int32, sets int, errors *int32)
TEXT ·trainAVX2(SB), NOSPLIT, $0-48
	MOVQ in+0(FP), SI
	MOVQ n+8(FP), CX
	MOVQ weights+16(FP), R8
	MOVQ rows+24(FP), R9
	MOVQ sets+32(FP), R10
	MOVQ errors+40(FP), R11
	SHLQ $2, CX
	VPCMPEQD Y3, Y3, Y3
	VPSRLD   $31, Y3, Y3
	VPSLLD   $13, Y3, Y3 // half

set:
	MOVLQSX (R9), DI
	LEAQ    (R8)(DI*4), DI
	VPBROADCASTD (R11), Y2
	XORQ    AX, AX

next:
	VMOVDQU (SI)(AX*1), Y1
	VPMULLD Y2, Y1, Y1
	VPADDD  Y3, Y1, Y1
	VPSRAD  $14, Y1, Y1
	VPADDD  (DI)(AX*1), Y1, Y1
	VMOVDQU Y1, (DI)(AX*1)
	ADDQ    $32, AX
	CMPQ    AX, CX
	JLT     next
	ADDQ    $4, R9
	ADDQ    $4, R11
	DECQ    R10
	JNZ     set
	VZEROUPPER
	RET

// func askAVX2(slots *byte, maps *entry, places, indexes *uint32, in *int32, n int)
TEXT ·askAVX2(SB), NOSPLIT, $0-48
	MOVQ slots+0(FP), AX
	MOVQ maps+8(FP), BX
	MOVQ places+16(FP), CX
	MOVQ indexes+24(FP), DX
	MOVQ in+32(FP), SI
	MOVQ n+40(FP), DI
	LEAQ (CX)(DI*4), R8
	XORL DI, DI

next:
	MOVL    (CX), R9
	MOVBLZX (AX)(R9*1), R9
	ADDL    DI, R9
	MOVL    R9, (DX)
	MOVL    4(BX)(R9*8), R10
	MOVWLSX R10, R11
	SARL    $16, R10
	MOVL    R11, (SI)
	MOVL    R10, 4(SI)
	ADDL    $256, DI
	ADDQ    $4, CX
	ADDQ    $4, DX
	ADDQ    $8, SI
	CMPQ    CX, R8
	JLT     next
	RET

// func tellAVX2(slots *byte, maps *entry, places, indexes *uint32, n int, next *uint8, target int, gains *uint32, logits *int16)
TEXT ·tellAVX2(SB), NOSPLIT, $0-72
	MOVQ slots+0(FP), AX
	MOVQ maps+8(FP), BX
	MOVQ places+16(FP), CX
	MOVQ indexes+24(FP), SI
	MOVQ n+32(FP), R8
	MOVQ next+40(FP), DX
	MOVQ gains+56(FP), DI
	MOVQ logits+64(FP), R13
	LEAQ (CX)(R8*4), R8

next:
	MOVL    (CX), R9
	MOVBLZX (AX)(R9*1), R10
	MOVBLZX (DX)(R10*1), R10
	MOVB    R10, (AX)(R9*1)
	MOVL    (SI), R9
	MOVL    (BX)(R9*8), R10
	MOVL    R10, R11
	ANDL    $1023, R11 // n
	SHRL    $10, R10   // p
	MOVQ    target+48(FP), R12
	SUBQ    R10, R12
	MOVL    (DI)(R11*4), R15
	IMULQ   R15, R12
	SARQ    $16, R12
	ADDL    R12, R10
	CMPL    R11, $255
	ADCL    $0, R11
	MOVL    R10, R12
	SHLL    $10, R12
	ORL     R11, R12
	SHRL    $10, R10
	MOVWLZX (R13)(R10*2), R11
	SUBL    $2048, R10
	SARL    $1, R10
	SHLL    $16, R10
	ORL     R11, R10
	MOVL    R12, (BX)(R9*8)
	MOVL    R10, 4(BX)(R9*8)
	ADDQ    $4, CX
	ADDQ    $4, SI
	CMPQ    CX, R8
	JLT     next
	RET

// func prefetch(slots *byte, hashes, places *uint32, n int, salt uint32, shift int)
TEXT ·prefetch(SB), NOSPLIT, $0-48
	MOVQ slots+0(FP), AX
	MOVQ hashes+8(FP), BX
	MOVQ places+16(FP), DX
	MOVQ n+24(FP), R8
	MOVL salt+32(FP), R9
	MOVQ shift+40(FP), CX
	XORQ SI, SI

next:
	MOVL  (BX)(SI*4), R10
	ADDL  R9, R10
	IMULL $-1640531535, R10
	MOVL  R10, (DX)(SI*4)
	SHRL  CX, R10
	SHLL  $6, R10
	PREFETCHT0 (AX)(R10*1)
	INCQ  SI
	CMPQ  SI, R8
	JLT   next
	RET
