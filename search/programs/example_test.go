package programs_test

import (
	"fmt"

	"github.com/ktzip/ktzip/search/programs"
)

// The cheapest program of two progressions interleaved, found in 100,000 steps.
func ExampleFinder_Best() {
	sequence := []byte{1, 90, 2, 80, 3, 70, 4, 60, 5, 50, 6, 40, 7, 30, 8, 20}
	p, _ := programs.New(nil).Best(sequence, 100_000)
	fmt.Println(p)
	// Output:
	// sequence_1 = range_func_up(1, 8)
	// sequence_2 = range_func_interval(20, 91, 10)
	// sequence_3 = reverse_list(sequence_2)
	// sequence_4 = interleave(sequence_1, sequence_3)
	// output = sequence_4
}
