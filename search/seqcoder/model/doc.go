// Package model runs a small decoder-only transformer: it reads weights from a safetensors
// file, keeps the texts read so far, and ranks the tokens that may come next.
//
// A [Model] appends tokens to texts ([Cache]) by a [Backend], which computes forward passes: a
// [Transformer], but for tests. Texts that begin alike share pages of keys and values, so that a
// beam of hypotheses costs little more than one of them.
//
// The forward pass is written once, over gorgonia's tensors and the operations of an [Engine]:
// embedding, layer norm, products by packed matrices, attention over pages, the choice of tokens.
// [NewCPU] runs it on the processor, with AVX2 kernels; package cuda has an engine for a GPU. An
// operation takes tensors that the engine allocated and a [Batch], which says how many of their
// rows are in use. A batch that is too large is cut into passes of whole texts.
//
// The engine owns the memory: of weights, as it packs them; of activations, which the Transformer
// asks for once on a GPU, or whenever a pass needs more on the processor, and which all passes
// and layers use again; of pages, whose numbers the Model's pool hands out; of a batch's lists
// while a pass is under way. Results are appended to slices of the caller when it waits for the
// pass ([Job]). Operations return an error, after which the pass calls no other; the caller of
// Extend gets it once all passes that were queued have ended.
//
// Shapes are in parentheses, the slowest dimension first. V is the vocabulary, T the longest
// text, C the width, H the number of heads, D the number of differences (see [Config]).
//
// The package knows no programs. Of tokens it knows that those below 256 are bytes, and that
// the bytes at the start of a text are its sequence.
package model
