package plan

import (
	"bytes"
	"errors"
	"math"
	"testing"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan/internal/code"
)

// telling are bytes by which instructions with targets are told, of all architectures.
var telling = []byte{
	0xe8, 0xe9, 0x0f, 0x85, 0x48, 0x8b, 0x8d, 0x05, 0x35, 0xff, 0x15, 0x83, 0xc7, 0x10, 0, 0,
	0xeb, 0xf0, 0xf7, 0xf8, 0xb8, 0x94, 0x97, 0x90, 0xb0, 0xef, 0x00, 0x17, 0x97, 0x05, 0x85, 0x93,
	0x48, 0x01, 0x4b, 0xe7, 0x80, 0x25, 0x21, 0x51, 0x1d,
}

// code draws n bytes of which many tell.
func (r sampler) code(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		if b[i] = byte(r.Uint32()); r.IntN(3) > 0 {
			b[i] = telling[r.IntN(len(telling))]
		}
	}
	return b
}

// branchPlan is the plan of Branches for architecture a, from the address base on.
func branchPlan(a, base int) *dsl.Program {
	return chain(oneStream, 1, of(dsl.Node{Op: dsl.Branches, Nums: [3]int32{int32(a), int32(base)}}))
}

// TestBranchesInvert splits bytes that look like code and joins them again, as the oracle does.
func TestBranchesInvert(t *testing.T) {
	r := newSampler(11)
	var m Machine
	for _, a := range Architectures() {
		changed := 0
		for k := range 200 {
			src := r.code(1 + r.IntN(600))
			p := branchPlan(a, []int{0, int(r.Uint32N(1 << 14)), int(r.Uint32() >> 1), math.MaxInt32}[k%4])
			wantInverse(t, &m, p, src)
			streams, err := m.Split(src, p)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(streams[0], src) {
				changed++
			}
		}
		if changed < 40 {
			t.Errorf("architecture %d: %d of 200 lists have targets", a, changed)
		}
	}
}

// branchCases are instructions at byte 16 of code at address 0x1000, and what splitting makes of them.
var branchCases = []struct {
	name       string
	a          int
	code, want []byte
}{
	{"call", code.X86, []byte{0xe8, 0xeb, 0xff, 0xff, 0xff}, []byte{0xe8, 0x00, 0x10, 0, 0}},
	{"jump", code.X86Wide, []byte{0xe9, 0x0b, 0, 0, 0}, []byte{0xe9, 0x20, 0x10, 0, 0}},
	{"jz", code.X86, []byte{0x0f, 0x84, 0x0a, 0, 0, 0}, []byte{0x0f, 0x84, 0x20, 0x10, 0, 0}},
	{"far call", code.X86, []byte{0xe8, 0, 0, 0, 1}, []byte{0xe8, 0, 0, 0, 1}},
	{"lea of 32 bits", code.X86, []byte{0x8d, 0x05, 0x0a, 0, 0, 0}, []byte{0x8d, 0x05, 0x0a, 0, 0, 0}},
	{"lea", code.X86Wide, []byte{0x8d, 0x05, 0x0a, 0, 0, 0}, []byte{0x8d, 0x05, 0x20, 0x10, 0, 0}},
	{"cmp with a byte", code.X86Wide, []byte{0x83, 0x3d, 0x09, 0, 0, 0, 7}, []byte{0x83, 0x3d, 0x20, 0x10, 0, 0, 7}},
	{"movss", code.X86Wide, []byte{0x0f, 0x10, 0x05, 9, 0, 0, 0}, []byte{0x0f, 0x10, 0x05, 0x20, 0x10, 0, 0}},
	{"BL", code.ARM, []byte{0xfc, 0xff, 0xff, 0xeb}, []byte{0x00, 0x04, 0, 0xeb}},
	{"BL, big-endian", -code.ARM, []byte{0xeb, 0xff, 0xff, 0xfc}, []byte{0xeb, 0, 0x04, 0x00}},
	{"BL of Thumb", code.Thumb, []byte{0xff, 0xf7, 0xf8, 0xff}, []byte{0x01, 0xf0, 0x00, 0xf8}},
	{"B.W", code.Thumb, []byte{0xff, 0xf7, 0xf8, 0xbf}, []byte{0x01, 0xf0, 0x00, 0xb8}},
	{"BL of ARM64", code.ARM64, []byte{0xfc, 0xff, 0xff, 0x97}, []byte{0x00, 0x04, 0, 0x94}},
	{"ADRP", code.ARM64, []byte{0x01, 0, 0, 0x90}, []byte{0x01, 0, 0, 0xb0}},
	{"JAL", code.RISCV, []byte{0xef, 0, 0, 0x01}, []byte{0xef, 0x10, 0, 0x02}},
	{"AUIPC, ADDI", code.RISCV, []byte{0x17, 0x15, 0, 0, 0x13, 0x05, 0x05, 0xff}, []byte{0x17, 0x25, 0, 0, 0x13, 0x05, 0x05, 0x00}},
	{"CALL8", code.Xtensa, []byte{0x25, 0, 0}, []byte{0x25, 0x01, 0x01}},
	{"L32R left alone", code.Xtensa, []byte{0x21, 0, 0}, []byte{0x21, 0, 0}},
	{"L32R", code.XtensaLoads, []byte{0x21, 0xfc, 0xff}, []byte{0x21, 0x00, 0x04}},
	{"bl", -code.PowerPC, []byte{0x4b, 0xff, 0xff, 0xf1}, []byte{0x48, 0, 0x10, 0x01}},
}

// TestBranchesFindTargets splits code whose targets are known.
func TestBranchesFindTargets(t *testing.T) {
	var m Machine
	for _, c := range branchCases {
		src := append(bytes.Repeat([]byte{0x88}, 16), c.code...)
		streams, err := m.Split(src, branchPlan(c.a, 0x1000))
		if err != nil {
			t.Fatal(err)
		}
		if got := streams[0][16:]; !bytes.Equal(got, c.want) {
			t.Errorf("%s: % x become % x, want % x", c.name, c.code, got, c.want)
		}
	}
}

// TestTargets wants to be told of each instruction that splitting changes, and to split.
func TestTargets(t *testing.T) {
	r := newSampler(12)
	var m Machine
	for _, a := range Architectures() {
		src := r.code(2000)
		streams, err := m.Split(src, branchPlan(a, 77))
		if err != nil {
			t.Fatal(err)
		}
		got, told := bytes.Clone(src), make([]bool, len(src)+16)
		Targets(got, a, 77, func(i int, distance, target uint32) {
			for k := range 12 {
				told[i+k] = true
			}
		})
		if !bytes.Equal(got, streams[0]) {
			t.Errorf("architecture %d: Targets and Split differ", a)
		}
		for i := range src {
			if got[i] != src[i] && !told[i] {
				t.Fatalf("architecture %d: byte %d changed, but nobody was told", a, i)
			}
		}
	}
}

// TestBranchesRefused lays out code of no architecture, and at addresses that there are none of.
func TestBranchesRefused(t *testing.T) {
	for _, c := range [][2]int{
		{0, 0}, {(code.Last + 1), 0}, {-(code.Last + 1), 0}, {-code.X86, 0}, {-code.ARM64, 0}, {-code.RISCV, 0},
		{math.MaxInt32, 0}, {math.MinInt32, 0}, {code.X86, -1}, {code.X86, math.MinInt32},
	} {
		if _, err := NewLayout(branchPlan(c[0], c[1]), 100); !errors.Is(err, dsl.ErrExecution) {
			t.Errorf("architecture %d at address %d: %v", c[0], c[1], err)
		}
	}
}
