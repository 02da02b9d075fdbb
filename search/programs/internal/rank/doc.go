// Package rank ranks the ways to cut a line into two strands.
package rank
