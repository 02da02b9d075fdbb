package dialect

import (
	"crypto/sha256"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/dsl"
)

var s, t5 = []byte{9, 2, 7, 2, 250}, []byte{1, 1, 3, 8, 20}

// TestPrimitives holds each primitive to its list.
func TestPrimitives(t *testing.T) {
	cases := map[string]struct {
		n    []int
		want []byte
	}{
		"congruential":   {[]int{5, 7, 3, 10}, []byte{7, 31, 103, 63, 199}},
		"fibonacci":      {[]int{7, 200, 30}, []byte{200, 30, 230, 4, 234, 238, 216}},
		"shift_register": {[]int{5, 0x0b, 0xb8}, []byte{0x0b, 0xbd, 0xe6, 0x73, 0x81}},
		"digits":         {[]int{8, 8, 7}, []byte{1, 4, 2, 8, 5, 7, 1, 4}},
		"gray":           {[]int{6, 254}, []byte{129, 128, 0, 1, 3, 2}},
		"masked":         {[]int{5, 6, 5}, []byte{3, 2, 13, 12, 15}},
		"staircase":      {[]int{8, 20}, []byte{20, 21, 21, 22, 22, 22, 23, 23}},
		"thue_morse":     {[]int{8, 4, 9}, []byte{4, 9, 9, 4, 9, 4, 4, 9}},
		"ruler":          {[]int{8, 10, 100}, []byte{10, 110, 10, 210, 10, 110, 10, 54}},
		"quadratic":      {[]int{5, 2, 100, 1}, []byte{1, 103, 209, 63, 177}},
		"cubic":          {[]int{5, 2, 1, 9}, []byte{9, 12, 27, 66, 141}},
		"zigzag":         {[]int{6, 50}, []byte{50, 49, 51, 48, 52, 47}},
		"triangle":       {[]int{8, 50, 3}, []byte{50, 51, 52, 53, 52, 51, 50, 51}},
		"mirror":         {nil, []byte{9, 2, 7, 2, 250, 250, 2, 7, 2, 9}},
		"rotate":         {[]int{2}, []byte{7, 2, 250, 9, 2}},
		"transpose":      {[]int{2}, []byte{9, 7, 250, 2, 2}},
		"stutter":        {nil, []byte{9, 9, 2, 2, 7, 7, 2, 2, 250, 250}},
		"complement":     {nil, []byte{246, 253, 248, 253, 5}},
		"differences":    {nil, []byte{9, 249, 5, 251, 248}},
		"exclusive_or":   {[]int{3}, []byte{10, 1, 4, 1, 249}},
		"multiply":       {[]int{3}, []byte{27, 6, 21, 6, 238}},
		"scan_xor":       {nil, []byte{9, 11, 12, 14, 244}},
		"reverse_bits":   {nil, []byte{0x90, 0x40, 0xe0, 0x40, 0x5f}},
		"concatenate":    {nil, []byte{9, 2, 7, 2, 250, 1, 1, 3, 8, 20}},
		"merge":          {nil, []byte{1, 1, 2, 2, 3, 7, 8, 9, 20, 250}},
		"around":         {nil, []byte{1, 1, 3, 8, 20, 9, 2, 7, 2, 250, 1, 1, 3, 8, 20}},
		"riffle":         {nil, []byte{9, 20, 2, 8, 7, 3, 2, 1, 250, 1}},
		"blocks":         {[]int{2}, []byte{9, 2, 1, 1, 7, 2, 3, 8, 250, 20}},
		"weave":          {nil, []byte{9, 2, 1, 7, 2, 1, 250, 3, 8, 20}},
		"xor_lists":      {nil, []byte{8, 3, 4, 10, 238}},
	}
	for _, p := range primitives {
		if p.literal {
			continue
		}
		c, ok := cases[p.Name]
		if !ok {
			t.Errorf("%s has no case", p.Name)
		} else if got := p.eval(c.n, s, t5); !slices.Equal(got, c.want) || len(c.n) != len(p.numbers) {
			t.Errorf("%s: %d, want %d", p.Name, got, c.want)
		}
	}
}

// TestMacrosHavePrograms holds that the first language makes what a macro makes, for lists of
// any length: literals stand for any list s, t and its length 5.
func TestMacrosHavePrograms(t *testing.T) {
	const lists = "sequence_1 = set_list([9, 2, 7, 2, 250])\nsequence_2 = set_list([1, 1, 3, 8, 20])\n"
	programs := map[string]struct {
		n    []int
		text string // from sequence_3 on
	}{
		"list": {nil, "sequence_3 = set_list([1])"},
		"quadratic": {[]int{20, 2, 100, 1}, `sequence_3 = set_list([1])
			sequence_4 = range_func_interval(102, 175, 4)
			sequence_5 = concatenate(sequence_3, sequence_4)
			sequence_6 = scan_add(sequence_5)
			sequence_7 = modulo_item_list(sequence_6, 256)`},
		"cubic": {[]int{20, 2, 1, 9}, `sequence_3 = set_list([9])
			sequence_4 = set_list([3])
			sequence_5 = range_func_interval(12, 220, 12)
			sequence_6 = concatenate(sequence_4, sequence_5)
			sequence_7 = scan_add(sequence_6)
			sequence_8 = concatenate(sequence_3, sequence_7)
			sequence_9 = scan_add(sequence_8)
			sequence_10 = modulo_item_list(sequence_9, 256)`},
		"zigzag": {[]int{20, 50}, `sequence_3 = range_func_up(50, 59)
			sequence_4 = range_func_up(40, 49)
			sequence_5 = reverse_list(sequence_4)
			sequence_6 = interleave(sequence_3, sequence_5)`},
		"triangle": {[]int{11, 50, 3}, `sequence_3 = range_func_up(50, 53)
			sequence_4 = range_func_up(51, 52)
			sequence_5 = reverse_list(sequence_4)
			sequence_6 = concatenate(sequence_3, sequence_5)
			sequence_7 = repeat_list(2, sequence_6)
			sequence_8 = get_subsequence_between_indices(sequence_7, 0, 11)`},
		"mirror": {nil, "sequence_3 = reverse_list(sequence_1)\nsequence_4 = concatenate(sequence_1, sequence_3)"},
		"rotate": {[]int{2}, `sequence_3 = get_subsequence_between_indices(sequence_1, 2, 5)
			sequence_4 = get_subsequence_between_indices(sequence_1, 0, 2)
			sequence_5 = concatenate(sequence_3, sequence_4)`},
		"transpose": {[]int{2}, `sequence_3 = get_subsequence_with_jumps(sequence_1, 2)
			sequence_4 = get_subsequence_between_indices(sequence_1, 1, 5)
			sequence_5 = get_subsequence_with_jumps(sequence_4, 2)
			sequence_6 = concatenate(sequence_3, sequence_5)`},
		"stutter": {nil, "sequence_3 = interleave(sequence_1, sequence_1)"},
		"complement": {nil, `sequence_3 = repeat_num(5, 255)
			sequence_4 = subtract_two_lists(sequence_3, sequence_1)`},
		"differences": {nil, `sequence_3 = repeat_num(1, 0)
			sequence_4 = concatenate(sequence_3, sequence_1)
			sequence_5 = subtract_two_lists(sequence_1, sequence_4)
			sequence_6 = modulo_item_list(sequence_5, 256)`},
		"concatenate": {nil, "sequence_3 = concatenate(sequence_1, sequence_2)"},
		"around":      {nil, "sequence_3 = concatenate(sequence_2, sequence_1)\nsequence_4 = concatenate(sequence_3, sequence_2)"},
		"riffle":      {nil, "sequence_3 = reverse_list(sequence_2)\nsequence_4 = interleave(sequence_1, sequence_3)"},
		"merge":       {nil, "sequence_3 = concatenate(sequence_1, sequence_2)\nsequence_4 = min_n(sequence_3, 10)"},
	}
	for _, p := range primitives {
		c, ok := programs[p.Name]
		if ok != (p.Kind == Macro) {
			t.Errorf("%s is of kind %v; has a program: %v", p.Name, p.Kind, ok)
		}
		if p.Kind != Macro || p.literal {
			continue
		}
		text := lists + c.text
		program, err := dsl.Parse(fmt.Sprintf("%s\noutput = sequence_%d", text, 1+strings.Count(text, "\n")), dsl.Block)
		if err != nil {
			t.Fatalf("%s: %v", p.Name, err)
		}
		var m dsl.Machine
		want := p.eval(c.n, s, t5)
		got := make([]byte, len(want))
		if _, err := m.Bytes(got, program, dsl.Budget{Steps: 1 << 20, Elements: 1 << 16}); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %d, %v; want %d", p.Name, got, err, want)
		}
	}
}

// TestGeneratorIsGolden holds what a seed draws: its programs, prices and sequences.
func TestGeneratorIsGolden(t *testing.T) {
	const want = "a69c663ee5d548ed"
	h := sha256.New()
	g := NewGenerator(1, None)
	for range 300 {
		p, out := g.Next()
		fmt.Fprintf(h, "%v %.6f %v\n", p, p.Bits(), out)
	}
	for k := range primitives {
		p, out := g.Sample(k)
		fmt.Fprintf(h, "%v %.6f %v\n", p, p.Bits(), out)
	}
	if got := fmt.Sprintf("%x", h.Sum(nil)[:8]); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// TestDrawnProgramsRun holds that a drawn program makes its sequence, that it uses earlier lines
// alone, and that a sample shows what it is a sample of.
func TestDrawnProgramsRun(t *testing.T) {
	const longest = 4096 // elements that a search takes
	g, macros := NewGenerator(2, None), NewGenerator(2, Macro)
	check := func(p Program, out []byte) {
		t.Helper()
		for i, l := range p {
			if len(l.Lists) > 0 && slices.Max(l.Lists) >= i {
				t.Fatalf("line %d:\n%v", i+1, p)
			}
		}
		if got := p.Run(); !slices.Equal(got, out) || len(out) < minLength || len(out) > longest {
			t.Fatalf("%d, want %d:\n%v", got, out, p)
		}
	}
	for range 2000 {
		check(g.Next())
		p, out := macros.Next()
		check(p, out)
		if p.Kind() != Macro {
			t.Fatalf("kind %v:\n%v", p.Kind(), p)
		}
	}
	for k := range primitives {
		p, out := g.Sample(k)
		check(p, out)
		for _, l := range p {
			if l.Primitive != k && l.Primitive != literal && l.Primitive != concatenate {
				t.Errorf("the sample of %s has %s", primitives[k].Name, primitives[l.Primitive].Name)
			}
		}
		if !slices.ContainsFunc(p, func(l Line) bool { return l.Primitive == k }) {
			t.Errorf("the sample of %s has none", primitives[k].Name)
		}
	}
}

// TestPrice holds the price of a program, counted by hand.
func TestPrice(t *testing.T) {
	p := Program{
		{Primitive: literal, Literal: []byte{1, 2, 3}},
		{Primitive: named("triangle"), Numbers: []int{5, 20, 3}},
		{Primitive: named("rotate"), Lists: []int{0}, Numbers: []int{2}},
		{Primitive: named("weave"), Lists: []int{1, 2}},
	}
	const text = `sequence_1 = list([1, 2, 3])
sequence_2 = triangle(5, 20, 3)
sequence_3 = rotate(sequence_1, 2)
sequence_4 = weave(sequence_2, sequence_3)
output = sequence_4`
	want := 5*math.Log2(float64(len(primitives)+1)) + 3*8 + (math.Log2(21) + 8 + 3) + (math.Log2(3) + 3) + 2*math.Log2(4)
	if got := p.Bits(); math.Abs(got-want) > 1e-9 || p.String() != text || p.Kind() != None {
		t.Errorf("%v bits of kind %v, want %v:\n%v", got, p.Kind(), want, p)
	}
}
