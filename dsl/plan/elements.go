package plan

import (
	"encoding/binary"
	"math/bits"
	"slices"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan/internal/built"
	"github.com/ktzip/ktzip/dsl/plan/internal/code"
)

// The operations of plans on elements change their list in place. Elements are unsigned,
// little endian and wrap around; the bytes after the last whole element stay as they are.

// An element is a number of 1, 2, 4 or 8 bytes.
type element interface {
	uint8 | uint16 | uint32 | uint64
}

// A kernel is an operation on elements of one width, both ways: join makes the result of
// the argument b, split the argument of the result.
type kernel struct {
	join, split func(b []byte, n *dsl.Node)
}

// newKernel returns a kernel, without split in a program that cannot split.
func newKernel(join, split func(b []byte, n *dsl.Node)) kernel {
	if !built.Splits {
		return kernel{join: join}
	}
	return kernel{join, split}
}

// run changes b, the elements of n.
func (k kernel) run(d direction, b []byte, n *dsl.Node) {
	if d.joins() {
		k.join(b, n)
	} else {
		k.split(b, n)
	}
}

// kernelsFor returns the operations on elements of type T.
func kernelsFor[T element]() [dsl.Pack + 1]kernel {
	return [...]kernel{
		dsl.Predict: newKernel(joinPredict[T], splitPredict[T]),
		dsl.Paeth:   newKernel(joinPaeth[T], splitPaeth[T]),
		dsl.Median:  newKernel(joinMedian[T], splitMedian[T]),
		dsl.Zigzag:  newKernel(joinZigzag[T], splitZigzag[T]),
		dsl.ScanXor: newKernel(joinScanXor[T], splitScanXor[T]),
		dsl.Floats:  newKernel(flipMagnitude[T], flipMagnitude[T]),
		dsl.Pack:    {},
	}
}

var (
	kernels8  = kernelsFor[uint8]()
	kernels16 = kernelsFor[uint16]()
	kernels32 = kernelsFor[uint32]()
	kernels64 = kernelsFor[uint64]()
)

// kernelOf returns the kernel of n, for elements of n.Nums[0] bytes.
func kernelOf(n *dsl.Node) kernel {
	switch n.Nums[0] {
	case 1:
		return kernels8[n.Op]
	case 2, -2:
		return kernels16[n.Op]
	case 4, -4:
		return kernels32[n.Op]
	}
	return kernels64[n.Op]
}

// checkElement checks the width of elements, the first number.
func checkElement(n *dsl.Node) error {
	switch n.Nums[0] {
	case 1, 2, 4, 8, -2, -4, -8:
		return nil
	}
	return invalid("elements of %d bytes, want 1, 2, 4 or 8, or negative for big endian", n.Nums[0])
}

// checkDistance checks an element and a distance, the second number.
func checkDistance(n *dsl.Node) error {
	if err := distance(n.Nums[1]); err != nil {
		return err
	}
	return checkElement(n)
}

func checkPredict(n *dsl.Node) error {
	if err := shift(n.Nums[1]); err != nil {
		return err
	}
	if len(n.List)%2 != 0 || len(n.List) > maxPredictList {
		return invalid("a list of %d numbers, want pairs of distance and coefficient, at most %d", len(n.List), maxPredictList/2)
	}
	for k := 0; k < len(n.List); k += 2 {
		if err := distance(n.List[k]); err != nil {
			return err
		}
	}
	return checkElement(n)
}

// distance says what is wrong with a distance of d elements.
func distance(d int32) error {
	if d < 1 {
		return invalid("a distance of %d elements, want at least 1", d)
	}
	return nil
}

// shift says what is wrong with the shift of a sum by h bits.
func shift(h int32) error {
	if h < 0 || h > maxShift {
		return invalid("a shift of %d bits, want 0 to %d", h, maxShift)
	}
	return nil
}

// swapBytes turns elements of -w bytes from big endian to little endian, or back. It does
// nothing if w is positive.
func swapBytes(b []byte, w int) {
	if w >= 0 {
		return
	}
	for ; len(b) >= 8; b = b[8:] { // whole elements at a time
		x := binary.LittleEndian.Uint64(b)
		switch w {
		case -2:
			const low = 0x00FF00FF00FF00FF
			x = x>>8&low | x&low<<8
		case -4:
			x = bits.RotateLeft64(bits.ReverseBytes64(x), 32)
		case -8:
			x = bits.ReverseBytes64(x)
		}
		binary.LittleEndian.PutUint64(b, x)
	}
	for w = -w; len(b) >= w; b = b[w:] {
		slices.Reverse(b[:w])
	}
}

// elementBytes returns the bytes of an element of n.
func elementBytes(n *dsl.Node) int { return int(max(n.Nums[0], -n.Nums[0])) }

// width returns the number of bytes of T.
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

// load returns element i of b.
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

// store sets element i of b to x.
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

// signed returns x as a two's complement number of its width.
func signed[T element](x T) int64 {
	shift := 64 - 8*width[T]()
	return int64(uint64(x)<<shift) >> shift
}

// predictionOf returns the prediction of element i from those before it, by pairs of a
// distance and its coefficient.
func predictionOf[T element](b []byte, i int, pairs []int32, shift int) T {
	sum := int64(0)
	for k := 0; k+1 < len(pairs); k += 2 {
		if from := i - int(pairs[k]); from >= 0 {
			sum += int64(pairs[k+1]) * signed(load[T](b, from))
		}
	}
	return T(sum >> shift)
}

// joinPredict adds to each element its prediction.
func joinPredict[T element](b []byte, n *dsl.Node) {
	count, shift := len(b)/width[T](), int(n.Nums[1])
	if shift == 0 && len(n.List) == 2 && n.List[1] == 1 { // a running sum
		lag := int(n.List[0])
		if lag == 1 { // without waiting for what was just stored
			sum := T(0)
			for i := range count {
				sum += load[T](b, i)
				store(b, i, sum)
			}
			return
		}
		for i := lag; i < count; i++ {
			store(b, i, load[T](b, i)+load[T](b, i-lag))
		}
		return
	}
	// From the farthest distance on, the loop needs no check for the first element.
	var lagsBuf [maxPredictList / 2]int
	var coefsBuf [maxPredictList / 2]int64
	lags, coefs, farthest := lagsBuf[:len(n.List)/2], coefsBuf[:len(n.List)/2], 0
	for k := range lags {
		lags[k], coefs[k] = int(n.List[2*k]), int64(n.List[2*k+1])
		farthest = max(farthest, lags[k])
	}
	for i := range min(farthest, count) {
		store(b, i, load[T](b, i)+predictionOf[T](b, i, n.List, shift))
	}
	for i := farthest; i < count; i++ {
		sum := int64(0)
		for k, c := range coefs {
			sum += c * signed(load[T](b, i-lags[k]))
		}
		store(b, i, load[T](b, i)+T(sum>>shift))
	}
}

func splitPredict[T element](b []byte, n *dsl.Node) {
	for i := len(b)/width[T]() - 1; i >= 0; i-- {
		store(b, i, load[T](b, i)-predictionOf[T](b, i, n.List, int(n.Nums[1])))
	}
}

// joinZigzag makes 0, -1, 1, -2, … of 0, 1, 2, 3, …, so that small numbers of either sign
// come from small numbers.
func joinZigzag[T element](b []byte, _ *dsl.Node) {
	for i := range len(b) / width[T]() {
		x := load[T](b, i)
		store(b, i, x>>1^-(x&1))
	}
}

func splitZigzag[T element](b []byte, _ *dsl.Node) {
	for i := range len(b) / width[T]() {
		x := load[T](b, i)
		store(b, i, x<<1^-(x>>(8*width[T]()-1)))
	}
}

func joinScanXor[T element](b []byte, n *dsl.Node) {
	lag := int(n.Nums[1])
	for i := lag; i < len(b)/width[T](); i++ {
		store(b, i, load[T](b, i)^load[T](b, i-lag))
	}
}

func splitScanXor[T element](b []byte, n *dsl.Node) {
	lag := int(n.Nums[1])
	for i := len(b)/width[T]() - 1; i >= lag; i-- {
		store(b, i, load[T](b, i)^load[T](b, i-lag))
	}
}

// flipMagnitude turns bit patterns of floating point numbers (sign and magnitude) into
// numbers of the same order, and back: it inverts the magnitude of negative ones.
func flipMagnitude[T element](b []byte, _ *dsl.Node) {
	for i := range len(b) / width[T]() {
		x := load[T](b, i)
		store(b, i, x^-(x>>(8*width[T]()-1))>>1)
	}
}

func reverseBytes(b []byte, _ *dsl.Node) { slices.Reverse(b) }

func joinScanAdd(b []byte, _ *dsl.Node) {
	for i := 1; i < len(b); i++ {
		b[i] += b[i-1]
	}
}

func splitScanAdd(b []byte, _ *dsl.Node) {
	for i := len(b) - 1; i >= 1; i-- {
		b[i] -= b[i-1]
	}
}

func joinAddItem(b []byte, n *dsl.Node)  { addToBytes(b, byte(n.Nums[0])) }
func splitAddItem(b []byte, n *dsl.Node) { addToBytes(b, -byte(n.Nums[0])) }

func addToBytes(b []byte, c byte) {
	for i := range b {
		b[i] += c
	}
}

// Machine code whose calls and jumps name addresses.

// Architectures returns the values that the first number of Branches may have.
func Architectures() []int { return code.Architectures() }

// Align returns what instructions of architecture a start at, or addresses count in, multiples of, in
// bytes from the first.
func Align(a int) int { return code.Align(a) }

// Simpler returns the architecture that has fewer of the instructions with targets that a has; 0 if
// there is none.
func Simpler(a int) int { return code.Simpler(a) }

// Targets splits b in place by Branches, code of architecture a whose first byte has the address
// base. It tells visit, in no particular order, at which byte an instruction with a target is, how
// far away that is, and its address: in what unit, and from where, depends on the instruction.
func Targets(b []byte, a, base int, visit func(i int, distance, target uint32)) {
	code.ToTargets(b, a, base, visit)
}

func checkBranches(n *dsl.Node) error {
	if a := int(n.Nums[0]); !code.Known(a) {
		return invalid("machine code of architecture %d, want 1 to %d, or a negative one that has big-endian instructions", a, code.Last)
	}
	if o := n.Nums[1]; o < 0 {
		return invalid("an address of %d, want at least 0", o)
	}
	return nil
}

// branches is row.run of Branches.
func branches(m *Machine, n *dsl.Node, l lists) error {
	if a, o := int(n.Nums[0]), int(n.Nums[1]); m.direction.joins() {
		code.ToDistances(l.result, a, o)
	} else {
		code.ToTargets(l.result, a, o, nil)
	}
	return nil
}
