// Package near finds programs whose output is nearly a block of bytes: equal to it but for
// a few elements, or with each element at most some distance away.
//
// A search has two halves. The first proposes outputs. It cuts the block, or the strands of
// an interleave, into pieces by dynamic programming (cover.go): literals, progressions,
// cycles, and copies of what came before. A piece may miss elements, each of which costs
// bits. Single elements that break a progression around them are mended, too (mend.go). The
// second half searches an exact program for each proposed output (package search/programs).
//
// A piece only proposes. What Finder returns was executed, and its errors were counted in
// what the program put out. There may be nearer or cheaper programs: a result is a bound,
// and planted errors say how good it is (TestPlantedErrorsAreFound).
package near
