// Package bench measures ktzip against other compressors and holds the bars of size that
// it must reach: go test ./bench asserts the sizes on generated inputs, and
// go test -bench . ./bench measures speed, ratio and allocations. The program in the folder
// report measures what takes longer, on real files, and writes the tables of README.md,
// which says how to read both.
//
// The package makes the inputs. They depend on their name and length only, so that results
// of different machines can be compared.
package bench
