// Package search finds programs: given a block of bytes, a cheap program of the
// language of package dsl that outputs exactly these bytes.
//
// A program found is a chain concatenate(concatenate(p1, p2), p3)… of pieces.
// Each rule (rule_*.go) proposes pieces that start at a position and knows their
// price; dynamic programming over the cut points (chain.go, enumerate.go) picks
// the cheapest chain; build.go turns it into a program, in which equal lists are
// one node. Leaf rules look at the elements only, and apply to the block as to
// each of its two stride-2 strands, of which rule_interleave.go makes pieces;
// the others refer to lists that the chain made before.
//
// Costs are int32 in units of 1/256 bit: prices under the initial prior of the
// edition (prices.go). They rank; what a program costs in a file is known to
// its encoder only. Every program is executed before it is returned.
//
// The package may know package dsl and nothing else of the module: not files,
// segments, GZIP, nor who calls it. It reads no clock and no randomness: the
// result depends on the block, the level, the limit and the steps alone.
package search
