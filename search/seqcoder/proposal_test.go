package seqcoder

import (
	"strings"
	"testing"

	"github.com/ktzip/ktzip/dsl"
)

// TestNote notes a list for the sequence 1 2 3 9 3: its longest start, corrected, is kept as a
// Partial, or as a program if it is the whole sequence.
func TestNote(t *testing.T) {
	sequence := []byte{1, 2, 3, 9, 3}
	for _, c := range []struct {
		list       []int32
		elements   int
		correction string // the line after the list, if any
	}{
		{[]int32{1, 2}, 2, ""},
		{[]int32{1, 2, 3}, 3, ""},
		{[]int32{7, 8}, 2, "sequence_2 = subtract_item_list(sequence_1, 6)"},
		{[]int32{1, 2, 3, 4}, 4, "sequence_2 = substitute(sequence_1, 4, 9)"},
		{[]int32{1, 2, 0, 9, 0}, 5, "sequence_2 = substitute(sequence_1, 0, 3)"},
		{[]int32{0, 1, 2, 8, 2}, 5, "sequence_2 = add_item_list(sequence_1, 1)"},
		{[]int32{1, 2, 3, 9, 3, 4}, 5, "sequence_2 = get_subsequence_between_indices(sequence_1, 0, 5)"},
		{[]int32{1, 2, 3, 9, 3}, 0, ""}, // the beam ends this program
	} {
		p := &Proposal{sequence: sequence}
		literal := dsl.Node{Op: dsl.SetList, List: c.list}
		p.note(&grammar{last: &line{node: literal, output: c.list, count: 1, total: len(c.list)}})
		got, elements := p.Partial.Program, p.Partial.Elements
		if len(p.Programs) > 0 {
			got, elements = p.Programs[0], len(sequence)
		}
		if elements != c.elements {
			t.Errorf("%d: got %d elements, want %d", c.list, elements, c.elements)
		}
		if got == nil {
			continue
		}
		if lines := strings.Split(got.String(), "\n"); c.correction != "" && lines[1] != c.correction || c.correction == "" && len(lines) != 2 {
			t.Errorf("%d: got %s, want the correction %q", c.list, got, c.correction)
		}
		if !outputs(got, sequence[:elements]) {
			t.Errorf("%d: %s does not output %d", c.list, got, sequence[:elements])
		}
	}
}
