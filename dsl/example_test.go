package dsl_test

import (
	"fmt"

	"github.com/ktzip/ktzip/dsl"
)

// A program is parsed and executed within a budget.
func Example() {
	p, err := dsl.Parse(`sequence_1 = range_func_up(1, 4)
sequence_2 = scan_add(sequence_1)  # triangular numbers
sequence_3 = interleave(sequence_2, sequence_1)
output = sequence_3`, dsl.Block)
	if err != nil {
		fmt.Println(err)
		return
	}
	var m dsl.Machine
	out, _, err := m.Run(p, dsl.BlockBudget(128))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(out)
	// Output: [1 1 3 2 6 3 10 4]
}

// An error says where the text is wrong.
func ExampleParse() {
	_, err := dsl.Parse("sequence_1 = repeat_num(3)", dsl.Block)
	fmt.Println(err)
	// Output:
	// line 1, column 26: expected ','
	// 	sequence_1 = repeat_num(3)
	// 	                         ^
}

// An Encoder writes the programs of a segment, a Decoder reads them.
func ExampleEncoder() {
	p, err := dsl.Parse("sequence_1 = repeat_num(128, 7)\noutput = sequence_1", dsl.Block)
	if err != nil {
		fmt.Println(err)
		return
	}
	e := dsl.NewEncoder(dsl.Edition2)
	e.Plan(dsl.Identity())
	e.Raw()
	e.Program(p.Canonical())
	section := e.Finish()

	d := dsl.NewDecoder(section, dsl.Edition2)
	if _, err := d.Plan(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d.Raw(2), "raw block")
	q, err := d.Next(dsl.BlockBudget(128), 0)
	fmt.Println(q, err)
	fmt.Println(d.Close())
	// Output:
	// 1 raw block
	// sequence_1 = repeat_num(128, 7)
	// output = sequence_1 <nil>
	// <nil>
}
