// Package programs finds programs: given a sequence of bytes, a cheap program of
// the language of package dsl that outputs exactly these bytes.
//
// The sequence is taken apart from the outside in. A state (state.go) is a way to
// do so: a tree of interleaves and concatenations over lines, each of which is
// made by a chain of pieces, concatenated. Three kinds of rules, one a file:
//
//   - leaves (leaf.go) propose pieces that the elements of a line from a place on
//     alone explain: progressions, periods, sums, sawtooths. Dynamic programming
//     over the cut points (chain.go) picks the cheapest chain.
//   - relations (relation.go) say that a part of some line derives from parts of
//     the same or another: again, reversed, shifted, sorted, a sum of two, …. Those
//     that pay are chosen together (state.go), since what derives from a list
//     needs that list as a piece of its own (a fence in chain.go).
//   - interleaves are undone (interleave.go) at every length, guessed at first, best
//     first (bestfirst.go), where literals of a strand that will be parted again
//     count half; what differs from the best in one interleave is tried too
//     (polish.go). In windows, where interleaves may start anywhere, a leaf
//     finds the first (leaf_interleave.go), and in long ones all.
//
// Blocks of a stream are searched in a row (stream.go): in windows that take no
// notice of where blocks end, and with the lists made before a window as one more
// line, whose parts are fixed and free (known.go). What is found is dealt out to
// the blocks' programs, each of which leaves to the next what it makes too much.
//
// build.go turns a solved state into a program, in which equal lists are one
// node; order.go puts the lines of a program into an order that is cheap under
// the uniform prior.
//
// Costs are int32 in units of 1/256 bit (prices.go): those of the benchmark's
// uniform prior, or of the initial state of the edition's adaptive one. They
// rank; what a program costs in a file is known to its encoder only. Every
// program is executed before it is returned.
//
// The package may know package dsl and nothing else of the module: not files,
// segments, GZIP, nor who calls it. It reads no clock and no randomness: the
// result depends on the sequence, the configuration and the steps alone.
package programs
