// Package dsl is the language of ktzip's files: straight-line programs over lists of
// integers, as published with the KoLMogorov Test (arXiv 2503.13992, Appendix A.2), and
// plans, programs that make a segment of its streams, and predictors, programs that say what to
// expect of a stream's bytes. LANGUAGE.md introduces the language; sections 6 to 9 and 12 of
// container/FORMAT.md define it.
//
// The files are
//
//   - op.go, table.go and eval.go: the operation table; name, signature, evaluation and
//     steps of an operation stand in one row;
//   - program.go, parse.go, print.go and errors.go: programs and their text form, which
//     runs unchanged under Python with the published functions, rest, copy and the lists
//     earlier_1, earlier_2, … defined;
//   - machine.go and history.go: the interpreter, with its budgets, and what a program
//     leaves to those of later blocks: its lists, what its output has beyond the block, and
//     the bytes of the stream;
//   - walk.go and coder.go: the bit form, one walk over a coder that writes, reads or costs;
//   - model.go, edition1.go and edition2.go: the adaptive priors of the editions;
//   - encoder.go and decoder.go: all programs of a segment in their bit form;
//   - price.go, log2.go and learn.go: prices for a search, and counts for an edition;
//   - uniform.go: the benchmark's own cost of a program.
//
// Package plan executes plans, package codec predictors.
//
// An edition fixes everything that decides what a coded program means: the operations and
// their numbers, their models, the initial state of these and the budgets. The version of a
// file's format says which edition it has; old editions stay decodable.
//
// The package knows nothing of files, GZIP or search. It uses integers only wherever the
// meaning or the bits of a program depend on the result.
package dsl
