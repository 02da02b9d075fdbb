// Package dialect is a second language of lists of bytes, whose primitives are others than those
// of the KoLMogorov Test: recurrences, exclusive ors, Gray code, polynomials, mirrors. Its
// Generator draws programs of the same shape as package dsl/kolmogorov does, and prices them by
// the same rules. What was made for the first language, or has learnt from it, is measured on
// them.
//
// A Kind says how the first language states what a primitive makes; tests state it.
//
// The seed of a Generator decides everything that it draws.
package dialect
