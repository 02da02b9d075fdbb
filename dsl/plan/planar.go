package plan

import (
	"math"

	"github.com/ktzip/ktzip/dsl"
)

// The predictions of images: of an element from those a pixel before it (left), a row before it
// (up), and both (corner). Each has loops of its own: called for each element by its address, a
// prediction of bytes took 3 times as long.

// checkPlanar checks an element and two distances.
func checkPlanar(n *dsl.Node) error {
	if err := distance(n.Nums[2]); err != nil {
		return err
	}
	return checkDistance(n)
}

// loadOr0 returns element i of b, or 0 if i is negative.
func loadOr0[T element](b []byte, i int) T {
	if i < 0 {
		return 0
	}
	return load[T](b, i)
}

// A neighbourhood has the distances of a planar prediction of count elements.
type neighbourhood struct{ count, pixel, row int }

// around returns the neighbourhood of n in b. A longer distance than the count of elements
// reaches before the first, as the count does; the sum of both fits into 32 bits.
func around[T element](b []byte, n *dsl.Node) neighbourhood {
	count := len(b) / width[T]()
	return neighbourhood{count, min(int(n.Nums[1]), count), min(int(n.Nums[2]), count)}
}

// neighbours returns those of element i, 0 where there is none.
func neighbours[T element](b []byte, i int, a neighbourhood) (left, up, corner T) {
	return loadOr0[T](b, i-a.pixel), loadOr0[T](b, i-a.row), loadOr0[T](b, i-a.row-a.pixel)
}

func joinPaeth[T element](b []byte, n *dsl.Node) {
	a := around[T](b, n)
	start := min(a.pixel+a.row, a.count) // from here on all have neighbours
	for i := range start {
		store(b, i, load[T](b, i)+paeth(neighbours[T](b, i, a)))
	}
	for i := start; i < a.count; i++ {
		store(b, i, load[T](b, i)+paeth(load[T](b, i-a.pixel), load[T](b, i-a.row), load[T](b, i-a.row-a.pixel)))
	}
}

func splitPaeth[T element](b []byte, n *dsl.Node) {
	a := around[T](b, n)
	start := min(a.pixel+a.row, a.count)
	for i := a.count - 1; i >= start; i-- {
		store(b, i, load[T](b, i)-paeth(load[T](b, i-a.pixel), load[T](b, i-a.row), load[T](b, i-a.row-a.pixel)))
	}
	for i := start - 1; i >= 0; i-- {
		store(b, i, load[T](b, i)-paeth(neighbours[T](b, i, a)))
	}
}

func joinMedian[T element](b []byte, n *dsl.Node) {
	a := around[T](b, n)
	start := min(a.pixel+a.row, a.count)
	for i := range start {
		store(b, i, load[T](b, i)+median(neighbours[T](b, i, a)))
	}
	if a.pixel == 1 && start < a.count { // without waiting for what was just stored
		left, _, corner := neighbours[T](b, start, a)
		for i := start; i < a.count; i++ {
			up := load[T](b, i-a.row)
			left, corner = load[T](b, i)+median(left, up, corner), up
			store(b, i, left)
		}
		return
	}
	for i := start; i < a.count; i++ {
		store(b, i, load[T](b, i)+median(load[T](b, i-a.pixel), load[T](b, i-a.row), load[T](b, i-a.row-a.pixel)))
	}
}

func splitMedian[T element](b []byte, n *dsl.Node) {
	a := around[T](b, n)
	start := min(a.pixel+a.row, a.count)
	for i := a.count - 1; i >= start; i-- {
		store(b, i, load[T](b, i)-median(load[T](b, i-a.pixel), load[T](b, i-a.row), load[T](b, i-a.row-a.pixel)))
	}
	for i := start - 1; i >= 0; i-- {
		store(b, i, load[T](b, i)-median(neighbours[T](b, i, a)))
	}
}

// paeth returns the one of left, up and corner that is nearest to left + up - corner (PNG
// specification, section 9.4), all unsigned numbers. Where differences fit into an int64 it takes
// no branch, which a processor would have to predict.
func paeth[T element](left, up, corner T) T {
	if width[T]() == 8 {
		return T(widePaeth(uint64(left), uint64(up), uint64(corner)))
	}
	a, b := int64(up)-int64(corner), int64(left)-int64(corner) // from left, from up
	c := magnitude(a + b)
	a, b = magnitude(a), magnitude(b)
	nearest := uint64(left)
	if b < a {
		nearest, a = uint64(up), b
	}
	if c < a {
		nearest = uint64(corner)
	}
	return T(nearest)
}

// magnitude returns |x|.
func magnitude(x int64) int64 { return (x ^ x>>63) - x>>63 }

// widePaeth is paeth for elements of any width.
func widePaeth(left, up, corner uint64) uint64 {
	a, b := apart(up, corner), apart(left, corner)
	c := a + b // exact if both differences have the same sign
	if (up < corner) != (left < corner) {
		c = apart(a, b)
	} else if c < a {
		c = math.MaxUint64
	}
	switch {
	case a <= b && a <= c:
		return left
	case b <= c:
		return up
	}
	return corner
}

// apart returns |a - b|.
func apart(a, b uint64) uint64 { return max(a, b) - min(a, b) }

// median returns the middle one of left, up and left + up - corner (JPEG-LS, ITU-T T.87,
// A.4.1). It takes no branch, which a processor would have to predict.
func median[T element](left, up, corner T) T {
	l, u, c := uint64(left), uint64(up), uint64(corner)
	low, high := min(l, u), max(l, u)
	m := l + u - c
	if c >= high {
		m = low
	}
	if c <= low {
		m = high
	}
	return T(m)
}
