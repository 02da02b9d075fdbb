package programs

import (
	"testing"

	"github.com/ktzip/ktzip/dsl"
)

// TestAsCheapAsDrawn: what these programs make, the search makes as cheaply. Each shows
// a source that is hard to see or nowhere in what is made.
func TestAsCheapAsDrawn(t *testing.T) {
	for _, c := range []struct{ name, program string }{
		{"the filter keeps neither what is before its source nor what ends it", `
sequence_1 = repeat_num(20, 124)
sequence_2 = range_func_up(174, 196)
sequence_3 = concatenate(sequence_1, sequence_2)
sequence_4 = filter(is_odd, sequence_2)
sequence_5 = concatenate(sequence_3, sequence_4)
output = sequence_5`},
		{"the source of the filter is pieces in a row", `
sequence_1 = range_func_up(166, 187)
sequence_2 = set_list([3, 198, 47, 100, 9])
sequence_3 = concatenate(sequence_1, sequence_2)
sequence_4 = filter(is_even, sequence_3)
sequence_5 = set_list([211, 87, 1, 9])
sequence_6 = concatenate(sequence_3, sequence_5)
sequence_7 = concatenate(sequence_6, sequence_4)
output = sequence_7`},
		{"running sums of a list of remainders", `
sequence_1 = range_func_up(137, 144)
sequence_2 = modulo_item_list(sequence_1, 5)
sequence_3 = scan_add(sequence_2)
sequence_4 = set_list([77, 3, 191, 60])
sequence_5 = concatenate(sequence_2, sequence_4)
sequence_6 = concatenate(sequence_5, sequence_3)
output = sequence_6`},
		{"three times a list that itself is four times one", `
sequence_1 = range_func_interval(214, 256, 5)
sequence_2 = repeat_list(4, sequence_1)
sequence_3 = set_list([3, 99, 7])
sequence_4 = concatenate(sequence_2, sequence_3)
sequence_5 = repeat_list(3, sequence_2)
sequence_6 = concatenate(sequence_4, sequence_5)
output = sequence_6`},
		{"two elements of a progression", `
sequence_1 = range_func_interval(95, 136, 5)
sequence_2 = set_list([47, 215, 174, 15, 137])
sequence_3 = concatenate(sequence_2, sequence_1)
sequence_4 = reverse_list(sequence_2)
sequence_5 = concatenate(sequence_3, sequence_4)
sequence_6 = get_subsequence_with_jumps(sequence_1, 5)
sequence_7 = concatenate(sequence_5, sequence_6)
sequence_8 = concatenate(sequence_7, sequence_4)
output = sequence_8`},
		{"a progression in the sequence and with an element replaced", `
sequence_1 = range_func_interval(112, 139, 2)
sequence_2 = range_func_interval(91, 160, 4)
sequence_3 = concatenate(sequence_1, sequence_2)
sequence_4 = substitute(sequence_2, 103, 201)
sequence_5 = concatenate(sequence_3, sequence_4)
output = sequence_5`},
	} {
		want, err := dsl.Parse(c.program[1:]+"\n", dsl.Block)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		p, _ := New(&Config{Prior: Uniform}).Best(list(t, want), 2_000_000)
		if got, most := p.UniformBits(), want.UniformBits()+1; got > most { // the order of lines may differ
			t.Errorf("%s: %.1f bits, want at most %.1f\n%s", c.name, got, most, p)
		}
	}
}

// list returns the bytes that p makes.
func list(t *testing.T, p *dsl.Program) (v []byte) {
	t.Helper()
	var m dsl.Machine
	out, _, err := m.Run(p, executable)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range out {
		v = append(v, byte(x))
	}
	return v
}
