package plans

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
)

// A machine draws instructions of an architecture, as splitting makes them.
type machine struct {
	architecture int
	size         int                                      // bytes of an instruction; 0 if they differ
	call         func(r *rand.Rand, target uint32) uint32 // in size bytes, most significant first
}

// risc are the machines whose instructions have one size; those of Xtensa may have 2 bytes, too.
var risc = []machine{
	{3, 4, func(_ *rand.Rand, x uint32) uint32 { return 0xeb<<24 | x>>2 }},
	{-3, 4, func(_ *rand.Rand, x uint32) uint32 { return 0xeb<<24 | x>>2 }},
	{4, 4, func(r *rand.Rand, x uint32) uint32 {
		return 0xf000<<16 | x>>12<<16 | x>>1&0x7ff | []uint32{0xf800, 0xf800, 0xb800}[r.IntN(3)]
	}},
	{-4, 4, func(_ *rand.Rand, x uint32) uint32 { return 0xf000f800 | x>>12<<16 | x>>1&0x7ff }},
	{5, 4, func(r *rand.Rand, x uint32) uint32 {
		if r.IntN(4) == 0 { // ADRP
			return 0x90<<24 | x>>12&3<<29 | x>>14<<5 | uint32(r.IntN(4))
		}
		return 0x94<<24 | x>>2
	}},
	{6, 4, func(_ *rand.Rand, x uint32) uint32 { // JAL
		return 0xef | x>>20<<31 | x>>12&0xff<<12 | x>>11&1<<20 | x>>1&0x3ff<<21
	}},
	{7, 3, func(_ *rand.Rand, x uint32) uint32 { return 0x25 | x>>2<<6 }},
	{-7, 3, func(_ *rand.Rand, x uint32) uint32 { return 0x58<<16 | x>>2 }},
	{8, 3, func(r *rand.Rand, x uint32) uint32 {
		if r.IntN(2) == 0 { // L32R
			return 0x21 | uint32(r.IntN(3))<<4 | x>>2&0xffff<<8
		}
		return 0x25 | x>>2<<6
	}},
	{9, 4, func(_ *rand.Rand, x uint32) uint32 { return 0x48<<24 | x | 1 }},
	{-9, 4, func(_ *rand.Rand, x uint32) uint32 { return 0x48<<24 | x | 1 }},
}

// instruction returns w in m's order of bytes.
func (m *machine) instruction(w uint32) []byte {
	b := binary.BigEndian.AppendUint32(nil, w)[4-m.size:]
	switch {
	case m.architecture == 4: // two half-words
		slices.Reverse(b[:2])
		slices.Reverse(b[2:])
	case m.architecture > 0:
		slices.Reverse(b)
	}
	return b
}

// skewed draws a number below n, small ones more often.
func skewed(r *rand.Rand, n int) int { return int(float64(n) * math.Pow(r.Float64(), 3)) }

// common returns what draws instructions that have no target: some words often, others seldom.
func (m *machine) common(r *rand.Rand) func() []byte {
	words := make([]uint32, 100+r.IntN(200))
	for i := range words {
		words[i] = r.Uint32()
		if m.architecture == 6 { // of 4 bytes
			words[i] |= 3
		} else if max(m.architecture, -m.architecture) == 4 { // two instructions of 2 bytes
			words[i] &= 0x7fff7fff
		}
	}
	return func() []byte {
		w := words[skewed(r, len(words))]
		if r.IntN(3) == 0 {
			w ^= uint32(r.IntN(8)) << 8
		}
		if m.size == 3 { // the lowest, or highest, bits of Xtensa say that it has 3 bytes, or 2
			op := []uint32{0, 2, 3, 8, 9}[w%5]
			if w = w&^15 | op; m.architecture < 0 {
				w = w&^(15<<20) | op<<20
			}
			return m.instruction(w)[:3-op/8]
		}
		return m.instruction(w)
	}
}

// x86 returns what draws instructions of x86 that have no target, and those that have one.
func x86(r *rand.Rand, wide bool) (plain func() []byte, call func(target uint32) []byte) {
	list := make([][]byte, 100+r.IntN(300))
	for i := range list {
		b := make([]byte, 1+r.IntN(5))
		for k := range b {
			b[k] = []byte{byte(r.IntN(256)), 0x48, 0x89, 0x8b, 0x24, 0, 0xff}[r.IntN(7)]
		}
		list[i] = b
	}
	opcodes := []string{"\xe8", "\xe8", "\xe9"}
	if wide {
		opcodes = append(opcodes, "\x48\x8d\x35", "\x48\x8b\x05", "\x89\x05")
	}
	return func() []byte { return list[skewed(r, len(list))] }, func(target uint32) []byte {
		return binary.LittleEndian.AppendUint32([]byte(opcodes[r.IntN(len(opcodes))]), target)
	}
}

// program is machine code of functions that call each other, after a header and before words.
func program(r *rand.Rand, m *machine) puzzle {
	size := 40_000 + r.IntN(100_000)
	var plain func() []byte
	var call func(target uint32) []byte
	if m.size == 0 {
		plain, call = x86(r, m.architecture == 2)
	} else {
		plain, call = m.common(r), func(target uint32) []byte { return m.instruction(m.call(r, target)) }
	}
	functions := make([]uint32, 100+r.IntN(400))
	for i := range functions {
		functions[i] = uint32(r.IntN(size)) &^ 15
	}
	every := 8 + r.IntN(12) // instructions
	var code []byte
	for len(code) < size {
		b := plain()
		if r.IntN(every) == 0 {
			b = call(functions[skewed(r, len(functions))])
		}
		code = append(code, b...)
	}
	head, words := header(r), []byte{}
	for range r.IntN(2) * r.IntN(8000) {
		words = append(words, []string{"file ", "error ", "of ", "missing ", "value\x00", "option ", "%d ", "the "}[r.IntN(8)]...)
	}
	p := &planText{}
	out := p.add("branches(%s, %d, 0)", p.payload(), m.architecture)
	joined := make([]byte, len(code))
	truth, err := dsl.Parse(strings.Join(append(p.lines, "output = "+out), "\n"), dsl.Plan)
	if err == nil {
		err = new(plan.Machine).Join(joined, truth, [][]byte{code})
	}
	if err != nil {
		panic(err)
	}
	return puzzle{
		name: fmt.Sprintf("%d bytes of code of architecture %d after %d bytes", size, m.architecture, len(head)),
		data: slices.Concat(head, joined, words),
		truth: []string{afterHeader(len(head), func(p *planText) string {
			code := p.add("get_subsequence_between_indices(%s, 0, %d)", p.add("branches(%s, %d, 0)", p.payload(), m.architecture), len(joined))
			return p.add("concatenate(%s, %s)", code, p.payload())
		})},
	}
}

// machines are those of all architectures.
func machines() []machine { return append([]machine{{architecture: 1}, {architecture: 2}}, risc...) }

// TestFindsCode is TestFindsTruePlans for machine code, and wants each plan to name targets if that
// saves 2 %.
func TestFindsCode(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine")
	}
	var draws []func(*rand.Rand) puzzle
	for _, m := range machines() {
		draws = append(draws, func(r *rand.Rand) puzzle {
			p := program(r, &m)
			_, plain, found := bestPlan(t, 6, p.data)
			if !saves(int64(p.best(t)), int64(plain), 50) {
				return p
			}
			if found == nil || !slices.ContainsFunc(found.Nodes, func(n dsl.Node) bool { return n.Op == dsl.Branches && int(n.Nums[0]) == m.architecture }) {
				t.Errorf("%s: found\n%v", p.name, found)
			}
			return p
		})
	}
	findsTruePlans(t, 10*len(draws), draws)
}

// TestFindsCodeInText wants the bytes that text stands for to have a plan of their own: Intel HEX of
// machine code.
func TestFindsCodeInText(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	code := program(r, &machine{architecture: 2}).data
	var text strings.Builder
	for off := 0; off+16 <= len(code); off += 16 {
		row := append([]byte{16, byte(off >> 8), byte(off), 0}, code[off:off+16]...)
		sum := byte(0)
		for _, c := range row {
			sum -= c
		}
		fmt.Fprintf(&text, ":%X\r\n", append(row, sum))
	}
	_, _, found := bestPlan(t, 6, []byte(text.String()))
	for _, op := range []dsl.Op{dsl.Lines, dsl.Branches} {
		if found == nil || !slices.ContainsFunc(found.Nodes, func(n dsl.Node) bool { return n.Op == op }) {
			t.Errorf("no %v in the plan found:\n%.500v", op, found)
		}
	}
}
