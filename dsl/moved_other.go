//go:build !amd64

package dsl

func moved(w, s, x []int32, e int32) int64 { return movedSlowly(w, s, x, e) }
