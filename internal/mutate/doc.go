// Package mutate gives fuzz targets inputs in a plain `go test`: mutants of their seeds, the same ones in each run.
// `go test -fuzz` makes mutants of its own, at random.
package mutate
