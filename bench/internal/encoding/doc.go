// Package encoding prices programs of the KoLMogorov Test under several encodings, part by
// part: what operations, references, numbers and literals take. Prices are ideal code lengths.
//
// Lines prices a program line by line, as the benchmark does; the frequencies of operations may
// replace its uniform prior. A Tree prices the bit form of files (container/FORMAT.md, section
// 7). Codes of literals stand alone, since any of them may take the place of 8 bits an element.
//
// It is a slow second description of prices that package dsl has, for measuring only.
package encoding
