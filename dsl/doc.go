// Package dsl is the language that ktzip's files are written in: straight-line
// programs over lists of integers, as published with the KoLMogorov Test
// (arXiv 2503.13992, Appendix A.2), and plans, programs whose free inputs are
// the streams of a segment. A stream's blocks are restored in order; the program
// of a block may also use what those of earlier blocks left: their lists, what
// the last one made beyond its block, and the bytes of the stream.
//
// The package holds
//
//   - the operation table (table.go): name, signature, evaluation and price of
//     every operation stand in one row;
//   - the text form, which runs unchanged under Python once the published
//     functions, rest and copy and the lists earlier_1, earlier_2, … are defined
//     (parse.go, print.go);
//   - plans, forwards and backwards, and how long their lists are (plan.go), what
//     their operations mean (plan_table.go) and take (plan_steps.go): those on elements
//     (plan_elements.go), adaptive predictions (plan_lms.go), packed samples
//     (plan_pack.go) and records (plan_records.go);
//   - the interpreter, with a budget in steps and elements (machine.go), and
//     what a program leaves to later ones (stream.go);
//   - the uniform prior, the benchmark's own cost of a program (uniform.go);
//   - the bit form: one walk (walk.go) over a coder that writes, reads or
//     costs (coder.go), under the adaptive prior of an edition (prior.go).
//
// An edition fixes everything that decides what a coded program means: the
// operations and their numbers, the initial state of the prior and the budgets.
// A file names its edition; old editions stay decodable.
//
// The package knows nothing of files, blocks, GZIP or search. It uses integers
// only wherever the meaning or the bits of a program depend on the result.
package dsl
