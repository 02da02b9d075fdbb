// Package disguise tells numbers in disguise: floating-point numbers that stand for short decimals or
// fixed-point numbers, integers that are multiples of another one, and elements of few values. It
// looks at elements from several places, and proposes an operation of package plan for all of them;
// what is not in disguise may be among them.
package disguise
