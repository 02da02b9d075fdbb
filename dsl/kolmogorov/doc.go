// Package kolmogorov draws pairs of a program and its sequence from the synthetic
// distribution of the KoLMogorov Test (arXiv 2503.13992). They test a search, train a
// network and teach the prior of an edition.
//
// The published description leaves details open; here they follow the published pairs. A
// test compares with these the share of each function, the lengths and the benchmark's
// rate.
//
// The seed of a Generator decides everything that it draws.
package kolmogorov
