#include "textflag.h"
#include "go_asm.h"

// The numbers of the lanes that VPERMD moves down by one.
DATA down<>+0(SB)/8, $0x0000000200000001
DATA down<>+8(SB)/8, $0x0000000400000003
DATA down<>+16(SB)/8, $0x0000000600000005
DATA down<>+24(SB)/8, $0x0000000000000007
GLOBL down<>(SB), RODATA|NOPTR, $32

// DOT adds the products of the lanes of x and w to Y5 (even ones) and Y6 (odd ones), 64 bits
// each. It changes Y3 and Y4.
#define DOT(x, w) \
	VPMULDQ x, w, Y3   \
	VPADDQ  Y3, Y5, Y5 \
	VPSRLQ  $32, w, Y3 \
	VPSRLQ  $32, x, Y4 \
	VPMULDQ Y3, Y4, Y3 \
	VPADDQ  Y3, Y6, Y6

// SIGN sets s to -1, 0 or 1 for the sign of the 32 bits of x. It changes R10.
#define SIGN(x, s) \
	MOVL x, s    \
	SARL $31, s  \
	MOVL x, R10  \
	NEGL R10     \
	SHRL $31, R10 \
	ORL  R10, s

// MOVE_WINDOW adds to the weights of the window, Y8, the residual's sign times those of Y12.
#define MOVE_WINDOW \
	VPSIGND Y12, Y7, Y0              \
	VPAND   laneSet_mask(DX), Y0, Y0 \
	VPADDD  Y0, Y8, Y8               \
	VMOVDQU Y8, laneSet_weights(DX)

// func runLanesAVX2(s *laneState)
//
// The path of joining goes straight on: a jump takes longer than most of these instructions.
//
// AX sum, BX and R14 the elements at distances 1 and 2, R11 and R15 their signs, CX s, DX set,
// R8 group, R9 groups to go, R10 of no fixed use, DI element, SI residual, R12 shift, R13 unused
// bits; Y5 and Y6 sums, Y7 the residual's sign, Y8 weights of the window Y12, Y13 ones, Y14 down.
TEXT ·runLanesAVX2(SB), NOSPLIT, $0-8
	MOVQ     s+0(FP), CX
	MOVQ     laneState_element(CX), DI
	MOVQ     laneState_residual(CX), SI
	MOVQ     laneState_set(CX), DX
	MOVQ     laneState_group(CX), R8
	MOVQ     laneState_shift(CX), R12
	MOVQ     laneState_unused(CX), R13
	VMOVDQU  down<>(SB), Y14
	VPCMPEQD Y13, Y13, Y13
	VPABSD   Y13, Y13
	VMOVDQU  -44(DI), Y12
	MOVLQSX  -4(DI), BX
	MOVLQSX  -8(DI), R14
	SIGN(BX, R11)
	SIGN(R14, R15)

next:
	VPERMD       Y12, Y14, Y12
	VPBROADCASTD -12(DI), Y0
	VPBLENDD     $0x80, Y0, Y12, Y12
	VMOVDQU      laneSet_weights(DX), Y8
	VPMULDQ      Y12, Y8, Y5
	VPSRLQ       $32, Y8, Y3
	VPSRLQ       $32, Y12, Y4
	VPMULDQ      Y3, Y4, Y6
	MOVQ         laneSet_groups(DX), R9
	CMPQ         laneState_known(CX), $0
	JEQ          unknown
	VPBROADCASTD (SI), Y7
	VPSIGND      Y7, Y13, Y7
	MOVE_WINDOW
	TESTQ        R9, R9
	JZ           predict

known:
	MOVQ    laneGroup_offset(R8), R10
	VMOVDQU laneGroup_weights(R8), Y0
	VMOVDQU (DI)(R10*1), Y1
	DOT(Y1, Y0)
	VPSIGND Y1, Y7, Y1
	VPAND   laneGroup_mask(R8), Y1, Y1
	VPADDD  Y1, Y0, Y0
	VMOVDQU Y0, laneGroup_weights(R8)
	ADDQ    $laneGroup__size, R8
	DECQ    R9
	JNZ     known

predict:
	VPADDQ       Y6, Y5, Y5
	VEXTRACTI128 $1, Y5, X6
	VPADDQ       X6, X5, X5
	VPSRLDQ      $8, X5, X6
	VPADDQ       X6, X5, X5
	VMOVQ        X5, AX
	MOVLQSX      (laneSet_near+4)(DX), R10
	IMULQ        R14, R10
	ADDQ         R10, AX
	MOVLQSX      laneSet_near(DX), R10
	IMULQ        BX, R10
	ADDQ         R10, AX
	SARXQ        R12, AX, AX
	MOVQ         BX, R14
	CMPQ         laneState_joining(CX), $0
	JEQ          split
	MOVLQSX      (SI), BX
	ADDQ         AX, BX
	SHLXQ        R13, BX, BX
	SARXQ        R13, BX, BX
	MOVL         BX, (DI)
	CMPQ         laneState_known(CX), $0
	JEQ          done

near:
	VMOVD X7, R9
	MOVL  R9, R10
	ANDL  laneSet_nearMask(DX), R9
	IMULL R11, R9
	ADDL  R9, laneSet_near(DX)
	ANDL  (laneSet_nearMask+4)(DX), R10
	IMULL R15, R10
	ADDL  R10, (laneSet_near+4)(DX)
	MOVL  R11, R15
	SIGN(BX, R11)

done:
	LEAQ    laneSet__size(DX), R10
	CMPQ    DX, laneState_lastSet(CX)
	CMOVQEQ laneState_firstSet(CX), R10
	CMOVQEQ laneState_firstGroup(CX), R8
	MOVQ    R10, DX
	ADDQ    $4, SI
	MOVQ    DI, R10
	ADDQ    $4, DI
	CMPQ    R10, laneState_last(CX)
	JNE     next
	MOVQ    DX, laneState_set(CX)
	MOVQ    R8, laneState_group(CX)
	VZEROUPPER
	RET

unknown:
	TESTQ R9, R9
	JZ    predict

sum:
	MOVQ    laneGroup_offset(R8), R10
	VMOVDQU laneGroup_weights(R8), Y0
	VMOVDQU (DI)(R10*1), Y1
	DOT(Y1, Y0)
	ADDQ    $laneGroup__size, R8
	DECQ    R9
	JNZ     sum
	JMP     predict

split:
	MOVLQSX      (DI), BX
	MOVQ         BX, R9
	SUBQ         AX, R9
	SHLXQ        R13, R9, R9
	SARXQ        R13, R9, R9
	MOVL         R9, (SI)
	CMPQ         laneState_adapt(CX), $0
	JEQ          done
	VMOVD        R9, X7
	VPBROADCASTD X7, Y7
	VPSIGND      Y7, Y13, Y7
	MOVE_WINDOW
	MOVQ         laneSet_groups(DX), R9
	TESTQ        R9, R9
	JZ           near
	IMUL3Q       $laneGroup__size, R9, AX
	SUBQ         AX, R8 // the first group again

update:
	MOVQ    laneGroup_offset(R8), R10
	VPSIGND (DI)(R10*1), Y7, Y0
	VPAND   laneGroup_mask(R8), Y0, Y0
	VPADDD  laneGroup_weights(R8), Y0, Y0
	VMOVDQU Y0, laneGroup_weights(R8)
	ADDQ    $laneGroup__size, R8
	DECQ    R9
	JNZ     update
	JMP     near

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
