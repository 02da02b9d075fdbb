package metrics

import (
	"math"
	"slices"
	"testing"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/kolmogorov"
)

// TestBitsAreUniformWithinThePrior holds that what the generator draws costs what is published, and
// that each other number costs 32 bits.
func TestBitsAreUniformWithinThePrior(t *testing.T) {
	g := kolmogorov.NewGenerator(3)
	for range 2000 {
		if p, _ := g.Next(); Bits(p) != p.UniformBits() {
			t.Fatalf("%v: %v, want %v", p, Bits(p), p.UniformBits())
		}
	}
	const list = "sequence_1 = set_list([1, 2])\nsequence_2 = "
	for line, want := range map[string]float64{
		"set_list([0, 255])":                                         0,
		"set_list([-1, 256, 7])":                                     48,
		"range_func_up(0, 255)":                                      0,
		"range_func_up(-3, 300)":                                     24,
		"range_func_up(9, 7)":                                        24,
		"range_func_interval(5, 261, 9)":                             0,
		"range_func_interval(9, 1, -1)":                              24 + 29,
		"repeat_num(1024, 255)":                                      0,
		"repeat_num(1025, 3000)":                                     32 - math.Log2(20) + 24,
		"repeat_list(9, sequence_1)":                                 0,
		"repeat_list(1000, sequence_1)":                              29,
		"get_subsequence_with_jumps(sequence_1, 17)":                 29,
		"get_subsequence_between_indices(sequence_1, 0, 2147483647)": 24,
		"get_subsequence_between_indices(sequence_1, -3, 255)":       24,
		"min_n(sequence_1, 256)":                                     24,
		"substitute(sequence_1, 0, 256)":                             24,
		"modulo_item_list(sequence_1, 256)":                          0,
		"modulo_item_list(sequence_1, 257)":                          24,
		"reverse_list(sequence_1)":                                   0,
	} {
		p, err := dsl.Parse(list+line+"\noutput = sequence_2", dsl.Block)
		if err != nil {
			t.Fatal(err)
		}
		if got := Bits(p) - p.UniformBits(); math.Abs(got-want) > 1e-9 {
			t.Errorf("%s: %v bits more, want %v", line, got, want)
		}
	}
	for op := range dsl.Signed {
		if n, _ := op.Numbers(); op.In(dsl.Block) && len(domains[op]) != n && !slices.Contains([]dsl.Op{dsl.Rest, dsl.Copy}, op) {
			t.Errorf("%v has %d numbers, and domains of %d", op, n, len(domains[op]))
		}
	}
}

// TestLargeNumbersDoNotPay states noise by remainders of a few large numbers: the published rate takes
// that for compression, the others do not.
func TestLargeNumbersDoNotPay(t *testing.T) {
	moduli := []int64{256, 255, 253, 251} // without a common divisor
	var literal dsl.Node
	literal.Op = dsl.SetList
	var sequence []byte
	for i := range 32 {
		v := int32(uint32(i+1) * 2654435761)
		literal.List = append(literal.List, v)
	}
	p := &dsl.Program{Nodes: []dsl.Node{literal}}
	for _, m := range moduli {
		n := dsl.Node{Op: dsl.ModuloItem}
		n.Nums[0] = int32(m)
		p.Nodes = append(p.Nodes, n)
	}
	for k := 1; k < len(moduli); k++ {
		n := dsl.Node{Op: dsl.Concatenate}
		n.Refs = [2]int{len(p.Nodes) - 1, k + 1}
		if k == 1 {
			n.Refs[0] = 1
		}
		p.Nodes = append(p.Nodes, n)
	}
	p.Out = len(p.Nodes) - 1
	var m dsl.Machine
	out, _, err := m.Run(p, dsl.Budget{Steps: 1e6, Elements: 1e6})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range out {
		sequence = append(sequence, byte(v))
	}
	v := Judge(p, out, sequence)
	tally := New("")
	tally.Add(&Outcome{Sequence: sequence, Found: p, Verdict: &v})
	got := tally.End()
	if len(sequence) != 128 || v.Kind != Right || got.Answers.Beyond != 1 || got.CompressionRateRaw < 1 || got.CompressionRate < 1 {
		t.Errorf("%v of %d: %+v %+v", v, len(sequence), got, got.Answers)
	}
	if r := got.CompressionRatePublished; r != nil && *r > 0.6 {
		t.Errorf("published: %v", *r)
	}
}
