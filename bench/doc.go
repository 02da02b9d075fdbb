// Package bench measures ktzip against other compressors and holds the bars that
// it must reach: go test ./bench asserts the sizes, go test -bench . ./bench
// measures speed, ratio and allocations, and README.md says how to read both.
//
// The package itself makes the inputs. They depend on nothing but their name
// and length, so that figures of two machines compare.
package bench
