#include "go_asm.h"
#include "textflag.h"

#define MIXER model_mixer
#define CURVES (model_mixer+mixer_curves)

// func predictAVX2(m *model, place int) (p uint32, mixed int32)
TEXT ·predictAVX2(SB), NOSPLIT, $0-24
	MOVQ m+0(FP), DI
	MOVQ (model_slots+slots_bytes)(DI), AX
	ADDQ place+8(FP), AX
	MOVQ model_maps(DI), BX
	MOVQ (MIXER+mixer_in)(DI), SI
	MOVQ (model_contexts+8)(DI), R8
	LEAQ model_places(DI), CX
	LEAQ model_used(DI), DX
	SUBQ $4, R8
	JLT  rest

four: // contexts: a vector of inputs
	MOVL      (CX), R9
	MOVL      4(CX), R10
	MOVL      8(CX), R11
	MOVL      12(CX), R12
	MOVBLZX   (AX)(R9*1), R9
	MOVBLZX   (AX)(R10*1), R10
	MOVBLZX   (AX)(R11*1), R11
	MOVBLZX   (AX)(R12*1), R12
	MOVB      R9, (DX)
	MOVB      R10, 1(DX)
	MOVB      R11, 2(DX)
	MOVB      R12, 3(DX)
	VMOVD     4(BX)(R9*8), X0
	VPINSRD   $1, 2052(BX)(R10*8), X0, X0
	VPINSRD   $2, 4100(BX)(R11*8), X0, X0
	VPINSRD   $3, 6148(BX)(R12*8), X0, X0
	VPMOVSXWD X0, Y0
	VMOVDQU   Y0, (SI)
	ADDQ      $16, CX
	ADDQ      $4, DX
	ADDQ      $8192, BX
	ADDQ      $32, SI
	SUBQ      $4, R8
	JGE       four

rest: // up to three contexts: the vector has other inputs above theirs
	CMPQ      R8, $-4
	JEQ       mix
	MOVL      (CX), R9
	MOVBLZX   (AX)(R9*1), R9
	MOVB      R9, (DX)
	VMOVD     4(BX)(R9*8), X0
	CMPQ      R8, $-3
	JEQ       one
	MOVL      4(CX), R9
	MOVBLZX   (AX)(R9*1), R9
	MOVB      R9, 1(DX)
	VPINSRD   $1, 2052(BX)(R9*8), X0, X0
	CMPQ      R8, $-2
	JEQ       two
	MOVL      8(CX), R9
	MOVBLZX   (AX)(R9*1), R9
	MOVB      R9, 2(DX)
	VPINSRD   $2, 4100(BX)(R9*8), X0, X0
	VPMOVSXWD X0, Y0
	VPBLENDD  $0xC0, (SI), Y0, Y0
	JMP       put

two:
	VPMOVSXWD X0, Y0
	VPBLENDD  $0xF0, (SI), Y0, Y0
	JMP       put

one:
	VPMOVSXWD X0, Y0
	VPBLENDD  $0xFC, (SI), Y0, Y0

put:
	VMOVDQU Y0, (SI)

mix:
	MOVQ  (MIXER+mixer_in)(DI), SI
	MOVQ  (MIXER+mixer_n)(DI), CX
	SHLQ  $2, CX
	MOVQ  (MIXER+mixer_weights)(DI), R8
	LEAQ  (MIXER+mixer_rows)(DI), R9
	MOVQ  ((MIXER+mixer_sets)+8)(DI), R10
	LEAQ  (MIXER+mixer_x)(DI), R11
	MOVQ  (MIXER+mixer_lastRow)(DI), R13
	MOVQ  (MIXER+mixer_last)(DI), R12
	LEAQ  (R12)(R13*4), R12
	MOVL  $2815, AX
	VMOVD AX, X6
	NEGL  AX
	VMOVD AX, X7
	VPXOR X8, X8, X8 // the sum of the last mixer

set:
	MOVLQSX (R9), DX
	LEAQ    (R8)(DX*4), DX
	VMOVDQU (SI), Y0
	VPMULLD (DX), Y0, Y0
	MOVL    $32, AX
	CMPQ    CX, $32
	JEQ     sum

next:
	VMOVDQU (SI)(AX*1), Y1
	VPMULLD (DX)(AX*1), Y1, Y1
	VPADDD  Y1, Y0, Y0
	ADDQ    $32, AX
	CMPQ    AX, CX
	JLT     next

sum:
	VEXTRACTI128 $1, Y0, X1
	VPADDD  X1, X0, X0
	VPSHUFD $0x4E, X0, X1
	VPADDD  X1, X0, X0
	VPSHUFD $0xB1, X0, X1
	VPADDD  X1, X0, X0
	VPSRAD  $16, X0, X0
	VPMINSD X6, X0, X0
	VPMAXSD X7, X0, X0
	VMOVD   X0, (R11)
	VMOVD   (R12), X1
	VPMULDQ X1, X0, X0
	VPADDQ  X0, X8, X8
	ADDQ    $4, R9
	ADDQ    $4, R11
	ADDQ    $4, R12
	DECQ    R10
	JNZ     set

	VMOVQ   X8, AX
	SARQ    $16, AX
	MOVQ    $2815, CX
	CMPQ    AX, CX
	CMOVQGT CX, AX
	NEGQ    CX
	CMPQ    AX, CX
	CMOVQLT CX, AX
	MOVQ    (MIXER+mixer_squash)(DI), BX
	MOVWLZX 5630(BX)(AX*2), R8
	MOVL    R8, mixed+20(FP)
	ADDL    $2816, AX
	LEAL    128(AX), CX
	SHRL    $8, CX             // the nearest point
	MOVQ    (CURVES+curves_points)(DI), BX
	MOVQ    (CURVES+curves_next)(DI), R9
	MOVQ    ((CURVES+curves_next)+8)(DI), R10
	LEAQ    (R9)(CX*1), DX
	MOVQ    DX, (CURVES+curves_at)(DI)
	LEAQ    (R10)(CX*1), DX
	MOVQ    DX, ((CURVES+curves_at)+8)(DI)
	MOVL    AX, CX
	SHRL    $8, CX
	ANDL    $255, AX
	ADDQ    CX, R9
	ADDQ    CX, R10
	MOVWLZX (BX)(R9*2), R11
	MOVWLZX (BX)(R10*2), R12
	ADDL    R12, R11
	MOVWLZX 2(BX)(R9*2), R12
	MOVWLZX 2(BX)(R10*2), R13
	ADDL    R13, R12
	SUBL    R11, R12
	IMULL   AX, R12
	SHLL    $8, R11
	ADDL    R12, R11           // what the first points say times 256, and the way to the second
	SHRL    $8, R11
	LEAL    (R11)(R8*2), AX
	SHRL    $2, AX
	MOVL    $1, CX
	CMPL    AX, CX
	CMOVLLT CX, AX
	MOVL    $65535, CX
	CMPL    AX, CX
	CMOVLGT CX, AX
	MOVL    AX, p+16(FP)
	VZEROUPPER
	RET

// func learnAVX2(m *model, place, bit, mixed int, next *[histories]uint8, gains *[entryLimit + 1]uint32, logits *[1 << 12]int16)
TEXT ·learnAVX2(SB), NOSPLIT, $0-56
	MOVQ m+0(FP), DI
	MOVQ bit+16(FP), R15
	NEGL R15
	MOVWLZX R15, R15 // 65535 or 0

	// The last mixer.
	MOVL R15, AX
	MOVQ mixed+24(FP), BX
	SUBL BX, AX
	LEAL (AX)(AX*2), AX
	SARL $4, AX
	VMOVD AX, X2
	VPBROADCASTD X2, Y2
	VPCMPEQD Y3, Y3, Y3
	VPSRLD   $31, Y3, Y3
	VPSLLD   $13, Y3, Y3 // half
	MOVQ (MIXER+mixer_last)(DI), AX
	MOVQ (MIXER+mixer_lastRow)(DI), BX
	LEAQ (AX)(BX*4), AX
	VPMULLD (MIXER+mixer_x)(DI), Y2, Y2
	VPADDD  Y3, Y2, Y2
	VPSRAD  $14, Y2, Y2
	VPADDD  (AX), Y2, Y2
	VMOVDQU Y2, (AX)

	// The curves.
	MOVQ    (CURVES+curves_points)(DI), AX
	MOVQ    (CURVES+curves_at)(DI), BX
	MOVQ    ((CURVES+curves_at)+8)(DI), CX
	MOVWLZX (AX)(BX*2), R8
	MOVL    R15, R9
	SUBL    R8, R9
	SARL    $5, R9
	ADDL    R9, R8
	MOVW    R8, (AX)(BX*2)
	MOVWLZX (AX)(CX*2), R8
	MOVL    R15, R9
	SUBL    R8, R9
	SARL    $5, R9
	ADDL    R9, R8
	MOVW    R8, (AX)(CX*2)

	// The weights.
	MOVQ (MIXER+mixer_in)(DI), SI
	MOVQ (MIXER+mixer_n)(DI), CX
	SHLQ $2, CX
	MOVQ (MIXER+mixer_weights)(DI), R8
	LEAQ (MIXER+mixer_rows)(DI), R9
	MOVQ ((MIXER+mixer_sets)+8)(DI), R10
	LEAQ (MIXER+mixer_x)(DI), R11
	MOVQ (MIXER+mixer_squash)(DI), R12

set:
	MOVLQSX (R11), BX
	MOVWLZX 5630(R12)(BX*2), BX
	MOVL    R15, AX
	SUBL    BX, AX
	LEAL    (AX)(AX*2), AX
	SARL    $3, AX
	VMOVD   AX, X2
	VPBROADCASTD X2, Y2
	MOVLQSX (R9), DX
	LEAQ    (R8)(DX*4), DX
	XORL    AX, AX

next:
	VPMULLD (SI)(AX*1), Y2, Y1
	VPADDD  Y3, Y1, Y1
	VPSRAD  $14, Y1, Y1
	VPADDD  (DX)(AX*1), Y1, Y1
	VMOVDQU Y1, (DX)(AX*1)
	ADDQ    $32, AX
	CMPQ    AX, CX
	JLT     next
	ADDQ    $4, R9
	ADDQ    $4, R11
	DECQ    R10
	JNZ     set
	VZEROUPPER

	// Histories and their entries.
	MOVQ  (model_slots+slots_bytes)(DI), AX
	ADDQ  place+8(FP), AX
	MOVQ  (model_contexts+8)(DI), R8
	TESTQ R8, R8
	JEQ   done
	SHLL  $6, R15 // 22 bits
	ANDL  $0x3FFFC0, R15
	MOVL  R15, BX
	SHRL  $16, BX
	ORL   BX, R15
	MOVQ  model_maps(DI), BX
	LEAQ  model_places(DI), CX
	LEAQ  model_used(DI), SI
	MOVQ  next+32(FP), DX
	MOVQ  logits+48(FP), R13
	MOVQ  gains+40(FP), DI
	ADDQ  SI, R8

context:
	MOVL    (CX), R9
	MOVBLZX (AX)(R9*1), R10
	MOVBLZX (DX)(R10*1), R10
	MOVB    R10, (AX)(R9*1)
	MOVBLZX (SI), R9
	MOVL    (BX)(R9*8), R10
	MOVL    R10, R11
	ANDL    $1023, R11 // n
	SHRL    $10, R10   // p
	MOVQ    R15, R12
	SUBQ    R10, R12
	MOVLQSX (DI)(R11*4), R14
	IMULQ   R14, R12
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
	ADDQ    $2048, BX
	INCQ    SI
	CMPQ    SI, R8
	JLT     context

done:
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

// func prefetchPlace(place *uint32)
TEXT ·prefetchPlace(SB), NOSPLIT, $0-8
	MOVQ place+0(FP), AX
	PREFETCHT0 (AX)
	RET

// func prefetchLines(curve, other *uint16, weights *int32)
TEXT ·prefetchLines(SB), NOSPLIT, $0-24
	MOVQ curve+0(FP), AX
	MOVQ other+8(FP), BX
	MOVQ weights+16(FP), CX
	PREFETCHT0 (AX)
	PREFETCHT0 (BX)
	PREFETCHT0 (CX)
	PREFETCHT0 64(CX)
	RET

// func findAVX2(m *model) (found int32)
TEXT ·findAVX2(SB), NOSPLIT, $0-12
	MOVQ  m+0(FP), DI
	MOVQ  (model_slots+slots_bytes)(DI), AX
	MOVQ  (model_slots+slots_shift)(DI), CX
	MOVQ  (model_contexts+8)(DI), SI
	LEAQ  model_next(DI), BX
	LEAQ  model_places(DI), DX
	XORL  R8, R8           // found
	VPCMPEQW X4, X4, X4    // -1
	VPSRLW   $8, X4, X5    // 255
	VPSRLW   $1, X4, X6
	VPSLLDQ  $8, X6, X6    // beyond any history, above the four slots
	TESTQ SI, SI
	JEQ   done

next: // a word of each slot is 0 if it has the check, else its history plus 1: the least wins
	MOVL    (BX), R9
	MOVL    R9, R10
	SHRL    CX, R10
	SHLL    $6, R10
	MOVBLZX R9, R12
	VMOVD   R12, X0
	VPBROADCASTW X0, X0
	LEAQ    (AX)(R10*1), R11
	MOVWLZX (R11), R13
	VMOVD   R13, X1
	VPINSRW $1, 16(R11), X1, X1
	VPINSRW $2, 32(R11), X1, X1
	VPINSRW $3, 48(R11), X1, X1
	VPAND   X5, X1, X2
	VPCMPEQW X0, X2, X2
	VPSRLW  $8, X1, X1
	VPSUBW  X4, X1, X1
	VPANDN  X1, X2, X1
	VPOR    X6, X1, X1
	VPHMINPOSUW X1, X1
	VMOVD   X1, R12
	MOVL    R12, R13
	SHRL    $16, R13
	SHLL    $4, R13
	ADDL    R13, R10
	MOVL    R10, (DX)
	MOVWLZX R12, R12
	CMPL    R12, $1
	SBBL    R12, R12       // -1 if the slot has the check, else 0: it begins again
	VMOVD   R12, X2
	VPBROADCASTD X2, X2
	VPAND   (AX)(R10*1), X2, X1
	VPINSRB $0, R9, X1, X1
	VMOVDQU X1, (AX)(R10*1)
	VPEXTRW $0, X1, R13
	CMPL    R13, $256
	SBBL    $-1, R8        // more unless the first history is 0
	ADDQ    $4, BX
	ADDQ    $4, DX
	DECQ    SI
	JNZ     next

done:
	MOVL R8, found+8(FP)
	RET
