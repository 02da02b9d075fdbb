package describe

import "sort"

// largestFirst sorts list by falling numbers; those with the same number keep their order. It stands on
// package sort, which has one function for all types: package slices has one for each, of 8 KB of a page's decoder.
func largestFirst[T any, N int | float64](list []T, number func(*T) N) {
	sort.SliceStable(list, func(i, j int) bool { return number(&list[i]) > number(&list[j]) })
}
