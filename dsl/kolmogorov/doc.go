// Package kolmogorov draws program-sequence pairs from the synthetic
// distribution of the KoLMogorov Test (arXiv 2503.13992): the programs on which
// a search is tested, a network trained and the prior of an edition learnt.
//
// The published description leaves details open. Ours were read off the
// published pairs, with which the shares of all functions, the lengths and the
// benchmark's rate agree; a test compares them.
//
// A Generator is deterministic by its seed.
package kolmogorov
