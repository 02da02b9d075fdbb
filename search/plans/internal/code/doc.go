// Package code finds machine code in a segment, by evidence rather than by a header: the targets of
// what seem to be calls and jumps repeat far more often than the distances to them. Only in code of
// that architecture do they.
//
// Survey looks at a few excerpts for the architecture; Stretches finds where such code is.
package code
