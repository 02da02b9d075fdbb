package prompts

import (
	"fmt"
	"strings"

	"github.com/ktzip/ktzip/dsl"
)

// A function is a row of the language's reference.
type function struct {
	call    string // with the names of its parameters
	meaning string
	example string // a call, where s is [3, 0, 4, 7] and t is [1, 2, 2]
	result  string // of the example
}

// functions are the language in words, in the order of the operations. A test holds that it has all
// operations of the test, and executes the examples.
var functions = []function{
	{"set_list([v, w, ...])", "exactly these numbers", "set_list([9, 1, 250])", "[9, 1, 250]"},
	{"range_func_up(a, b)", "the numbers from a up to b, b included", "range_func_up(5, 8)", "[5, 6, 7, 8]"},
	{"range_func_interval(a, b, k)", "a, a+k, a+2k, ... as long as they are below b", "range_func_interval(1, 9, 3)", "[1, 4, 7]"},
	{"repeat_num(n, v)", "the number v, n times", "repeat_num(3, 8)", "[8, 8, 8]"},
	{"repeat_list(n, s)", "the list s, n times", "repeat_list(2, t)", "[1, 2, 2, 1, 2, 2]"},
	{"reverse_list(s)", "s backwards", "reverse_list(s)", "[7, 4, 0, 3]"},
	{"substitute(s, v, w)", "s with w in the place of each v", "substitute(t, 2, 9)", "[1, 9, 9]"},
	{"get_subsequence_with_jumps(s, k)", "every k-th element, from the first on", "get_subsequence_with_jumps(s, 2)", "[3, 4]"},
	{"get_subsequence_between_indices(s, i, j)", "the elements from index i up to index j, without j; the first element has index 0", "get_subsequence_between_indices(s, 1, 3)", "[0, 4]"},
	{"max_n(s, n)", "the n largest elements, the largest first", "max_n(s, 2)", "[7, 4]"},
	{"min_n(s, n)", "the n smallest elements, the smallest first", "min_n(s, 2)", "[0, 3]"},
	{"add_item_list(s, c)", "c added to each element", "add_item_list(s, 10)", "[13, 10, 14, 17]"},
	{"subtract_item_list(s, c)", "c subtracted from each element", "subtract_item_list(s, 1)", "[2, -1, 3, 6]"},
	{"modulo_item_list(s, c)", "each element modulo c", "modulo_item_list(s, 3)", "[0, 0, 1, 1]"},
	{"filter(is_even, s)", "the even elements", "filter(is_even, s)", "[0, 4]"},
	{"filter(is_odd, s)", "the odd elements", "filter(is_odd, s)", "[3, 7]"},
	{"filter(is_not_zero, s)", "the elements other than 0", "filter(is_not_zero, s)", "[3, 4, 7]"},
	{"scan_add(s)", "running sums", "scan_add(s)", "[3, 3, 7, 14]"},
	{"add_two_lists(s, t)", "sums of elements at the same index, as many as the shorter list has", "add_two_lists(s, t)", "[4, 2, 6]"},
	{"subtract_two_lists(s, t)", "differences, in the same way", "subtract_two_lists(s, t)", "[2, -2, 2]"},
	{"modulo_two_lists(s, t)", "remainders, in the same way, without those where t has 0", "modulo_two_lists(t, s)", "[1, 2]"},
	{"concatenate(s, t)", "s, then t", "concatenate(s, t)", "[3, 0, 4, 7, 1, 2, 2]"},
	{"interleave(s, t)", "elements of s and t in turn, then what the longer list has left", "interleave(s, t)", "[3, 1, 0, 2, 4, 2, 7]"},
}

// The lists of the examples.
const (
	listS = "sequence_1 = set_list([3, 0, 4, 7])\n"
	listT = "sequence_2 = set_list([1, 2, 2])\n"
)

// program returns the program of the example.
func (f *function) program() (*dsl.Program, error) {
	open := strings.IndexByte(f.example, '(')
	args := strings.NewReplacer("s)", "sequence_1)", "s,", "sequence_1,", "t)", "sequence_2)", "t,", "sequence_2,").Replace(f.example[open:])
	return dsl.Parse(listS+listT+"sequence_3 = "+f.example[:open]+args+"\noutput = sequence_3", dsl.Block)
}

// cost returns what the parameters of f cost, in words, from the language's own prices. A call
// that does not parse panics: a test parses all.
func (f *function) cost() string {
	p, err := f.program()
	if err != nil {
		panic(err)
	}
	with := p.UniformBits()
	n := p.Nodes[2]
	p.Nodes = p.Nodes[:2]
	fixed := with - p.UniformBits() - lineBits() - float64(float64(n.Op.Lists())*dsl.Log2(3)) // the third line
	if n.Op == dsl.SetList {
		return fmt.Sprintf("%g bits per number", fixed/float64(len(n.List)))
	}
	lists := [...]string{"", "r", "2r"}[n.Op.Lists()]
	switch {
	case lists == "":
		return fmt.Sprintf("%.3g bits", fixed)
	case fixed < 0.5: // it is 0, or at least 3
		return lists + " bits"
	}
	return fmt.Sprintf("%.3g + %s bits", fixed, lists)
}

// lineBits returns what a line costs without its parameters.
func lineBits() float64 { return new(dsl.Program).UniformBits() } // the line of the output

// reference returns the table of the functions.
func reference() string {
	var b strings.Builder
	for i := range functions {
		f := &functions[i]
		fmt.Fprintf(&b, "%s: %s. %s is %s. Parameters: %s.\n", f.call, f.meaning, f.example, f.result, f.cost())
	}
	return b.String()
}
