package plan

import (
	"encoding/binary"
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// The operations of plans on elements: each makes its list in place, and its
// inverse takes it back. Elements are unsigned, little endian and wrap around; the
// bytes after the last whole element stay as they are.

type element interface {
	uint8 | uint16 | uint32 | uint64
}

// byWidth is an operation for elements of 1, 2, 4 and 8 bytes.
type byWidth [4]func(b []byte, n *dsl.Node)

func (f byWidth) run(b []byte, n *dsl.Node) {
	switch n.Nums[0] {
	case 1:
		f[0](b, n)
	case 2, -2:
		f[1](b, n)
	case 4, -4:
		f[2](b, n)
	default:
		f[3](b, n)
	}
}

// swapBytes turns elements of -w bytes, big endian, into little endian ones, and
// back.
func swapBytes(b []byte, w int) {
	if w >= 0 {
		return
	}
	for w = -w; len(b) >= w; b = b[w:] {
		slices.Reverse(b[:w])
	}
}

// width is the length of T in bytes.
func width[T element]() int {
	switch uint64(^T(0)) {
	case 1<<8 - 1:
		return 1
	case 1<<16 - 1:
		return 2
	case 1<<32 - 1:
		return 4
	}
	return 8
}

// load is element i of b, store sets it.
func load[T element](b []byte, i int) T {
	switch width[T]() {
	case 1:
		return T(b[i])
	case 2:
		return T(binary.LittleEndian.Uint16(b[2*i:]))
	case 4:
		return T(binary.LittleEndian.Uint32(b[4*i:]))
	}
	return T(binary.LittleEndian.Uint64(b[8*i:]))
}

func store[T element](b []byte, i int, x T) {
	switch width[T]() {
	case 1:
		b[i] = byte(x)
	case 2:
		binary.LittleEndian.PutUint16(b[2*i:], uint16(x))
	case 4:
		binary.LittleEndian.PutUint32(b[4*i:], uint32(x))
	default:
		binary.LittleEndian.PutUint64(b[8*i:], uint64(x))
	}
}

// signed is x as a number of its width's two's complement.
func signed[T element](x T) int64 {
	shift := 64 - 8*width[T]()
	return int64(uint64(x)<<shift) >> shift
}

// past is element i of b, 0 before the first.
func pastElement[T element](b []byte, i int) T {
	if i < 0 {
		return 0
	}
	return load[T](b, i)
}

// foreseen is what the coefficients of list, each after its distance, make of the
// elements before i.
func foreseen[T element](b []byte, i int, list []int32, shift int) T {
	sum := int64(0)
	for k := 0; k+1 < len(list); k += 2 {
		if at := i - int(list[k]); at >= 0 {
			sum += int64(list[k+1]) * signed(load[T](b, at))
		}
	}
	return T(sum >> shift)
}

// predict adds to each element what is foreseen of those before it.
func predict[T element](b []byte, n *dsl.Node) {
	size, shift := len(b)/width[T](), int(n.Nums[1])
	if shift == 0 && len(n.List) == 2 && n.List[1] == 1 { // the running sum
		for i := int(n.List[0]); i < size; i++ {
			store(b, i, load[T](b, i)+load[T](b, i-int(n.List[0])))
		}
		return
	}
	var lagsOf [maxTaps / 2]int
	var coefsOf [maxTaps / 2]int64
	lags, coefs, most := lagsOf[:len(n.List)/2], coefsOf[:len(n.List)/2], 0
	for k := range lags {
		lags[k], coefs[k] = int(n.List[2*k]), int64(n.List[2*k+1])
		most = max(most, lags[k])
	}
	for i := range min(most, size) {
		store(b, i, load[T](b, i)+foreseen[T](b, i, n.List, shift))
	}
	for i := most; i < size; i++ {
		sum := int64(0)
		for k, c := range coefs {
			sum += c * signed(load[T](b, i-lags[k]))
		}
		store(b, i, load[T](b, i)+T(sum>>shift))
	}
}

func unpredict[T element](b []byte, n *dsl.Node) {
	for i := len(b)/width[T]() - 1; i >= 0; i-- {
		store(b, i, load[T](b, i)-foreseen[T](b, i, n.List, int(n.Nums[1])))
	}
}

// paeth is the one of left, up and corner that is nearest to left + up - corner
// (PNG specification, section 9.4), taken as unsigned numbers.
func paeth[T element](left, up, corner T) T {
	a, b := between(up, corner), between(left, corner)
	c := a + b // exact where both differences have one sign
	if (up < corner) != (left < corner) {
		c = max(a, b) - min(a, b)
	} else if c < a {
		c = ^T(0)
	}
	switch {
	case a <= b && a <= c:
		return left
	case b <= c:
		return up
	}
	return corner
}

// between is how far a and b are apart.
func between[T element](a, b T) T { return max(a, b) - min(a, b) }

// median is the middle one of left, up and left + up - corner (JPEG-LS, ITU-T
// T.87, A.4.1).
func median[T element](left, up, corner T) T {
	low, high := min(left, up), max(left, up)
	switch {
	case corner >= high:
		return low
	case corner <= low:
		return high
	}
	return left + up - corner
}

// planarLags are the distances of n within count elements. Those that are longer reach
// before the first element, as count does; their sum fits into an int of 32 bits.
func planarLags(n *dsl.Node, count int) (lag, line int) {
	return min(int(n.Nums[1]), count), min(int(n.Nums[2]), count)
}

// planar adds to each element, or subtracts, what f makes of those a pixel, a row
// and both before it.
func planarUp[T element](b []byte, n *dsl.Node, f func(left, up, corner T) T) {
	lag, line := planarLags(n, len(b)/width[T]())
	for i := range len(b) / width[T]() {
		store(b, i, load[T](b, i)+f(pastElement[T](b, i-lag), pastElement[T](b, i-line), pastElement[T](b, i-line-lag)))
	}
}

func planarDown[T element](b []byte, n *dsl.Node, f func(left, up, corner T) T) {
	lag, line := planarLags(n, len(b)/width[T]())
	for i := len(b)/width[T]() - 1; i >= 0; i-- {
		store(b, i, load[T](b, i)-f(pastElement[T](b, i-lag), pastElement[T](b, i-line), pastElement[T](b, i-line-lag)))
	}
}

func paethUp[T element](b []byte, n *dsl.Node)    { planarUp(b, n, paeth[T]) }
func paethDown[T element](b []byte, n *dsl.Node)  { planarDown(b, n, paeth[T]) }
func medianUp[T element](b []byte, n *dsl.Node)   { planarUp(b, n, median[T]) }
func medianDown[T element](b []byte, n *dsl.Node) { planarDown(b, n, median[T]) }

// zigzag makes small numbers of either sign small: 0, -1, 1, -2, … become 0, 1, 2,
// 3, ….
func zigzag[T element](b []byte, _ *dsl.Node) {
	for i := range len(b) / width[T]() {
		x := load[T](b, i)
		store(b, i, x<<1^-(x>>(8*width[T]()-1)))
	}
}

func unzigzag[T element](b []byte, _ *dsl.Node) {
	for i := range len(b) / width[T]() {
		x := load[T](b, i)
		store(b, i, x>>1^-(x&1))
	}
}

func xorUp[T element](b []byte, n *dsl.Node) {
	lag := int(n.Nums[1])
	for i := lag; i < len(b)/width[T](); i++ {
		store(b, i, load[T](b, i)^load[T](b, i-lag))
	}
}

func xorDown[T element](b []byte, n *dsl.Node) {
	lag := int(n.Nums[1])
	for i := len(b)/width[T]() - 1; i >= lag; i-- {
		store(b, i, load[T](b, i)^load[T](b, i-lag))
	}
}

// flipSigned takes bit patterns of floats (sign and magnitude) to numbers in the
// same order, and back.
func flipSigned[T element](b []byte, _ *dsl.Node) {
	for i := range len(b) / width[T]() {
		x := load[T](b, i)
		store(b, i, x^-(x>>(8*width[T]()-1))>>1)
	}
}

func reverseBytes(b []byte, _ *dsl.Node) { slices.Reverse(b) }

func sumBytes(b []byte, lag int) {
	for i := lag; i < len(b); i++ {
		b[i] += b[i-lag]
	}
}

func differBytes(b []byte, lag int) {
	for i := len(b) - 1; i >= lag; i-- {
		b[i] -= b[i-lag]
	}
}

func addBytes(b []byte, c byte) {
	for i := range b {
		b[i] += c
	}
}
