// Package lz chooses the repeats of a segment that pay: copies of what came before, at any
// distance, so that they and what deflate makes of the other bytes, the literals, are short
// together.
//
// A binary tree finds, for each position, the strings that came before (tree.go). A parse
// takes the cheapest steps through a window of the segment (parse.go): a literal; a match that
// deflate will find by itself, since it is near and of literals; or a copy. Prices (prices.go)
// are those of the symbols of the steps taken so far. It computes in integers.
package lz
