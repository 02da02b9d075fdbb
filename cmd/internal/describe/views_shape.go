package describe

import (
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// A shape says how numbers follow each other. All distances are in numbers; 0 if unknown.
type shape struct {
	channels int // that take turns
	pixel    int // from a pixel of an image to the next
	row      int // from a row of an image to the next
	far      int // the only distance, if it is far: perhaps of rows
}

type shapeKey struct{ node, width int }

const (
	maxChannels = 256     // arbitrary
	maxRow      = 1 << 17 // numbers in a row of an image: as many as predictors may state
	minRow      = 8       // pixels in a row, and rows. Fewer are no image
	rowGap      = 4       // by how much the distances of rows exceed those within a row
	minFar      = 64      // numbers: more channels than that are rather rows of an image
)

// settled returns s, with the far distance as that of rows if nothing else says how long these are.
func (s shape) settled() shape {
	if s.row == 0 && s.far != 0 && s.far <= maxRow {
		s.row = s.far
		s.pixel = 1
		if s.channels > 1 && s.row%s.channels == 0 {
			s.pixel = s.channels
		}
	}
	return s
}

// shapeOf returns the shape of the list of node i in elements of w bytes.
func (v *views) shapeOf(i, w int) (s shape) {
	key := shapeKey{i, w}
	if s, ok := v.shapes[key]; ok {
		return s
	}
	n := &v.plan.Nodes[i]
	switch {
	case stepWidth(n) == w && n.Op == dsl.Zigzag:
	case stepWidth(n) == w:
		s = ownShape(n).or(v.shapeOf(n.Refs[0], w))
	case n.Op == dsl.Between, n.Op == dsl.AddItem && w == 1:
		s = v.shapeOf(n.Refs[0], w)
	case n.Op == dsl.Concatenate:
		s = v.shapeOf(n.Refs[0], w)
		if other := v.shapeOf(n.Refs[1], w); s.row == 0 && (other.row != 0 || s.channels <= 1) {
			s = other.or(s)
		}
	case n.Op == dsl.Transpose && int(n.Nums[0]) == w && n.Nums[1] <= maxChannels:
		turns := int(n.Nums[1])
		s = v.shapeOf(n.Refs[0], w)
		s = shape{turns * max(1, s.channels), turns * s.pixel, turns * s.row, turns * s.far}
	case n.Op == dsl.Transpose && int(n.Nums[0]) == w:
		s = shape{far: int(n.Nums[1])}
	}
	if s.channels > maxChannels {
		s.channels = 0
	}
	v.shapes[key] = s
	return s
}

// or returns s, with what it does not know from t.
func (s shape) or(t shape) shape {
	if s.row == 0 {
		s.row, s.pixel = t.row, t.pixel
	}
	if s.channels <= 1 {
		s.channels = t.channels
	}
	if s.far == 0 {
		s.far = t.far
	}
	return s
}

// ownShape returns what the step n alone says.
func ownShape(n *dsl.Node) shape {
	switch n.Op {
	case dsl.Paeth, dsl.Median:
		pixel, row := int(n.Nums[1]), int(n.Nums[2])
		if row < minRow*pixel || row > maxRow {
			return shape{}
		}
		return shape{channels: pixel, pixel: pixel, row: row}
	case dsl.ScanXor:
		return shapeOfDistances([]int{int(n.Nums[1])})
	case dsl.Predict:
		var distances []int
		for k := 0; k+1 < len(n.List); k += 2 {
			distances = append(distances, int(n.List[k]))
		}
		return shapeOfDistances(distances)
	case dsl.LMS:
		var distances []int
		for _, d := range n.List {
			distances = append(distances, int(d))
		}
		s := shapeOfDistances(distances)
		if sets := int(n.Nums[1]); sets > 1 && sets <= maxChannels {
			s.channels = sets
		}
		return s
	case dsl.Mix:
		return mixShape(n.List)
	}
	return shape{}
}

// mixShape returns what the numbers of a Mix say: for each channel a count, and as many pairs of distance
// and coefficient.
func mixShape(list []int32) shape {
	channels := 0
	var distances []int
	for len(list) > 0 && list[0] >= 0 && 2*int(list[0]) < len(list) {
		for k := range int(list[0]) {
			distances = append(distances, int(list[1+2*k]))
		}
		list = list[1+2*int(list[0]):]
		channels++
	}
	s := shapeOfDistances(distances)
	if channels > 1 && channels <= maxChannels {
		s.channels = channels
		if s.row%channels != 0 {
			s.row, s.pixel = 0, 0
		} else if s.row != 0 {
			s.pixel = channels
		}
	}
	return s
}

// shapeOfDistances returns the shape of numbers that are predicted from those so far before them. Distances
// that all are multiples of a number say channels. Those around a far one, in addition to near ones,
// say a row.
func shapeOfDistances(distances []int) (s shape) {
	slices.Sort(distances)
	distances = slices.Compact(distances)
	if len(distances) == 0 || distances[0] < 1 {
		return shape{}
	}
	unit := 0
	for _, d := range distances {
		unit = divisor(d, unit)
	}
	switch {
	case unit > 1 && unit <= minFar:
		s.channels = unit
	case unit > minFar && unit <= maxRow:
		s.far = unit
	}
	for k := 1; k < len(distances); k++ {
		if distances[k] < rowGap*distances[k-1] {
			continue
		}
		near := 0
		for _, d := range distances[:k] {
			near = divisor(d, near)
		}
		around := distances[k:]
		for around[len(around)-1] > distances[k]+2*distances[k-1]+1 {
			around = around[:len(around)-1]
		}
		if row := around[(len(around)-1)/2]; row >= minRow*near && row <= maxRow {
			s.row, s.pixel, s.far = row, near, 0
		}
		break
	}
	return s
}

// divisor returns the greatest common divisor of a and b.
func divisor(a, b int) int {
	for b > 0 {
		a, b = b, a%b
	}
	return a
}
