package predictors

import (
	"slices"
	"testing"

	"github.com/ktzip/ktzip/dsl"
)

// sizes returns those of parts, and partsOf the parts of some.
func sizes(list []part) (sizes []int) {
	for _, p := range list {
		sizes = append(sizes, p.size)
	}
	return sizes
}

func partsOf(sizes []int) (list []part) {
	for _, n := range sizes {
		list = append(list, part{size: n})
	}
	return list
}

// TestFrames reads the parts of plans that concatenate.
func TestFrames(t *testing.T) {
	for _, lengths := range [][]int{{700, 900}, {512, 512, 600, 10_000}, {100_000}} {
		sum := 0
		for _, n := range lengths {
			sum += n
		}
		if got := sizes(parts(frame(lengths), sum)); !slices.Equal(got, lengths) {
			t.Errorf("the parts of the frame of %v are %v", lengths, got)
		}
	}
	p, err := dsl.Parse(`sequence_1 = payload(0)
sequence_2 = transpose(sequence_1, 1, 2)
sequence_3 = predict(sequence_2, 2, 0, [1, 1])
sequence_4 = payload(1)
sequence_5 = get_subsequence_between_indices(sequence_4, 0, 900)
sequence_6 = concatenate(sequence_3, sequence_5)
output = sequence_6`, dsl.Plan)
	if err != nil {
		t.Fatal(err)
	}
	if got := sizes(parts(p, 5000)); !slices.Equal(got, []int{4100, 900}) {
		t.Errorf("the parts are %v", got)
	}
	if got := sizes(parts(p, 800)); !slices.Equal(got, []int{800}) {
		t.Errorf("of a segment too short for them the parts are %v", got)
	}
}

// TestJoined joins parts that are too short or too many.
func TestJoined(t *testing.T) {
	for _, c := range []struct{ lengths, want []int }{
		{[]int{3, 5000, 7}, []int{5003, 7}},
		{[]int{600, 10, 600}, []int{600, 610}},
		{slices.Repeat([]int{600}, 40), append(slices.Repeat([]int{600}, maxParts-1), 600*(40-maxParts+1))},
		{[]int{5}, []int{5}},
	} {
		if got := joined(partsOf(c.lengths)); !slices.Equal(got, c.want) {
			t.Errorf("%v become %v, want %v", c.lengths, got, c.want)
		}
	}
}
