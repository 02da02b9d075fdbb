// Package seqcoder is a transformer that reads a sequence of bytes and proposes
// programs for it (KoLMogorov Test, arXiv 2503.13992). What it says only ranks: every
// proposal is executed and compared before it is used, and no decoder knows of it.
//
// Tokens (tokens.go) are the one form in which sequences and programs reach a model, in
// training and in the search.
package seqcoder
