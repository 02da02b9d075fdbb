package family

import (
	"cmp"
	"slices"

	"github.com/ktzip/ktzip/cmd/ktfleet/internal/input"
)

// choose chooses the files that are searched and those that are judged.
type choose struct{ Config }

// ProcessElement emits the files that are searched, those that are judged, and how many there are. Empty
// ones do not count.
func (c *choose) ProcessElement(_ int, batches func(*input.Batch) bool, searched, judged func(input.File), total func(int)) {
	var list []input.File
	var b input.Batch
	for batches(&b) {
		for _, f := range b.Files {
			if f.Size > 0 {
				list = append(list, f)
			}
		}
		b = input.Batch{}
	}
	slices.SortFunc(list, func(a, b input.File) int { return cmp.Compare(a.Path, b.Path) })
	total(len(list))
	if c.Judge > 0 {
		list = spread(list, max(c.Judge, c.Sample))
	}
	for _, f := range list {
		judged(f)
	}
	for _, f := range spread(list, c.Sample) {
		searched(f)
	}
}

// spread returns n elements of list that are spread evenly over it; all if it has no more.
func spread[T any](list []T, n int) []T {
	if len(list) <= n {
		return list
	}
	taken := make([]T, n)
	for i := range taken {
		taken[i] = list[(2*i+1)*len(list)/(2*n)]
	}
	return taken
}
