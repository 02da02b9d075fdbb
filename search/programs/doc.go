// Package programs finds programs: given a sequence of bytes, a cheap program of
// the language of package dsl that outputs exactly these bytes.
//
// The sequence is taken apart from the outside in. Here 9 elements are two strands
// interleaved; each strand is a line, and each line is a chain of pieces:
//
//	1 9 2 5 3 9 4 5 5      sequence
//	1   2   3   4   5      line 0: one piece, range_func_up(1, 5)
//	  9   5   9   5        line 1: one piece, repeat_list([9, 5], 2)
//
// A state (state.go) is one way to do so: a tree of interleaves and concatenations
// over lines. Solving a state (solve.go) finds the cheapest chain for each of its
// lines. Rules propose what chains may be made of. Each is a file, called after the
// operation that it is for:
//
//   - A leaf (leaf.go) proposes pieces that the elements of one line explain:
//     progressions, repetitions, prefix sums. Dynamic programming over the cut
//     points (chain.go) picks the cheapest chain.
//   - A relation (relation.go) says that a span of some line is made from a span of
//     the same or of another line: the same again, its reverse, its elements plus
//     5, …. Relations that pay are chosen together (trial.go), since no piece may cross
//     the ends of the source of a relation (a fence in chain.go).
//
// States are searched best first (bestfirst.go). Cutting a line of a solved state
// into two strands makes further states; their costs are estimated (interleave.go)
// before any of them is made, and a small network that has learnt which cuts lead to
// the best program orders them (internal/rank). Near the end, states that differ from
// the best in one cut are tried too.
//
// Blocks of a stream are searched in windows that take no notice of where blocks
// end (stream.go). The lists that earlier programs made are one more
// line, whose pieces are fixed and free. In a window interleaves may start anywhere:
// a leaf (leaf_interleave.go) finds them, also by relations of strands, and the first
// state has their strands as lines (opening.go). The elements of each are also searched
// like a sequence by itself (state.go), which cuts lines. What is found is dealt out to
// the blocks' programs; what one makes beyond its block it leaves to the next.
//
// build.go turns a solved state into a program, in which equal lists are one node. A
// source of several pieces, a row, is concatenated before others, which costs nothing.
// Then any list of the best program, in the sequence or not, may become the source of
// any other (refine.go, derive.go).
//
// A rule sees the lines or the text of a state, and a meter: prices, and the steps
// that are left. Costs are int32 in 1/256 bit, those of the benchmark's uniform
// prior or of the initial state of the edition's adaptive one (prices.go). A search of
// one sequence is guided by prices with a surcharge for each operation; in the end it
// solves the best state again under the exact ones and other guides. Prices rank; only the encoder knows
// what a program costs in a file. Every program is
// executed before it is returned.
//
// The package may know package dsl and nothing else of the module: not files,
// segments or GZIP, nor who calls it. It reads no clock and no randomness: the
// result depends on the sequence, the configuration and the steps alone.
package programs
