// Package model runs a small decoder-only transformer: it reads weights from a safetensors
// file, keeps the texts read so far, and ranks the tokens that may come next.
//
// A [Model] appends tokens to texts ([Cache]) by a [Backend], which computes forward passes:
// [NewCPU] is the processor's, on gorgonia's tensors with AVX2 kernels; package cuda has one
// for a GPU. Texts that begin alike share pages of keys and values, so that a beam of
// hypotheses costs little more than one of them.
//
// Shapes are in parentheses, the slowest dimension first. V is the vocabulary, T the longest
// text, C the width, H the number of heads, D the number of differences (see [Config]).
//
// The package knows no programs. Of tokens it knows that those below 256 are bytes, and that
// the bytes at the start of a text are its sequence.
package model
