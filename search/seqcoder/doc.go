// Package seqcoder searches for programs with a transformer: a model reads a sequence of bytes
// and writes programs for it (the KoLMogorov Test, arXiv 2503.13992). The model only ranks.
// Every line it writes is executed, and a program is used only if its output is the sequence.
// Decoders do not need the model.
//
// [Encode] and [Decode] translate sequences and programs to the model's tokens. [Propose]
// follows a beam of hypotheses: a grammar allows the tokens that may come next, executes each
// line when it ends, and rewards hypotheses whose lines occur in the sequence. If no program
// makes the whole sequence, a [Partial] makes some of it. A [Searcher] completes partials,
// works alone or along with package programs, and finds programs for the blocks of a stream.
//
// Package model runs the transformer; package cuda runs it on a GPU.
package seqcoder
