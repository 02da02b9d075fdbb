package plan

import (
	"encoding/binary"
	"math"
	"math/bits"

	"github.com/ktzip/ktzip/dsl"
)

// Repeats at any distance. The literals, which come from one list, stand between copies of
// what the result has before. The other list says which copies: three columns of numbers, in
// planes of a byte each, so that deflate sees like bytes together.

const (
	maxMinCopy    = 1 << 16 // bytes
	maxNumber     = 4       // bytes of a number of a column
	recentCount   = 4       // distances that a copy may name by a number below this
	copyColumns   = 3       // run, length, distance
	maxCopyNumber = math.MaxUint32
)

// recents are the last distances of copies, the last one first.
type recents [recentCount]uint32

// firstRecents are those before the first copy. Arbitrary but for the first: bytes that are
// all the same need no other.
var firstRecents = recents{1, 2, 4, 8}

// distance returns what the number d of a copy stands for, and makes that the last one.
func (r *recents) distance(d uint32) uint32 {
	switch {
	case d == 0:
		return r[0]
	case d >= recentCount:
		*r = recents{d - (recentCount - 1), r[0], r[1], r[2]}
	case d == 1:
		r[0], r[1] = r[1], r[0]
	case d == 2:
		r[0], r[1], r[2] = r[2], r[0], r[1]
	default:
		*r = recents{r[3], r[0], r[1], r[2]}
	}
	return r[0]
}

// number returns the number that stands for the distance d, and makes that the last one.
func (r *recents) number(d uint32) uint32 {
	for k, x := range r {
		if x == d {
			r.distance(uint32(k))
			return uint32(k)
		}
	}
	r.distance(d + recentCount - 1)
	return d + recentCount - 1
}

// A Copy repeats Length bytes that came Distance bytes before, after Run literals.
type Copy struct{ Run, Length, Distance uint32 }

// copyWidths returns the widths of the columns that n states, and the bytes of a copy.
func copyWidths(n *dsl.Node) (w [copyColumns]int, size int, err error) {
	if n.Nums[0] < 1 || n.Nums[0] > maxMinCopy {
		return w, 0, invalid("copies of at least %d bytes, want 1 to %d", n.Nums[0], maxMinCopy)
	}
	if len(n.List) != copyColumns {
		return w, 0, invalid("%d columns of copies, want %d", len(n.List), copyColumns)
	}
	for k, x := range n.List {
		if x < 0 || x > maxNumber {
			return w, 0, invalid("numbers of %d bytes, want 0 to %d", x, maxNumber)
		}
		w[k] = int(x)
		size += w[k]
	}
	if size == 0 {
		return w, 0, invalid("copies without a byte")
	}
	return w, size, nil
}

func checkExpand(n *dsl.Node) error { _, _, err := copyWidths(n); return err }

// expandLengths is row.lengths of Expand: both arguments must have stated lengths, of which
// that of the second is of whole copies.
func expandLengths(n *dsl.Node, size int, stated [2]int) (wanted [2]int, err error) {
	_, each, err := copyWidths(n)
	switch s, t := stated[0], stated[1]; {
	case err != nil:
		return wanted, err
	case s < 0 || t < 0:
		return wanted, invalid("the plan does not state the lengths of both lists of an expand; use get_subsequence_between_indices(s, 0, n)")
	case s > size:
		return wanted, invalid("%d literals, more than the %d bytes of the result", s, size)
	case t%each != 0:
		return wanted, invalid("copies of %d bytes together, want a multiple of %d", t, each)
	}
	return stated, nil
}

// expand is row.run of Expand. The literals stand at the end of the result.
func expand(m *Machine, n *dsl.Node, l lists) error {
	if !m.direction.joins() {
		return contract(n, l)
	}
	return joinCopies(n, l.result, len(l.args[0]), l.args[1])
}

// joinCopies makes the list z of the literals at its end and of copies.
//
// What is written ends at w, what is read begins at r, and the bytes between are those that
// copies have still to make: 0 <= w <= r <= len(z). A copy that needs more of them is an
// error, so the literals that come are never overwritten.
func joinCopies(n *dsl.Node, z []byte, literals int, copies []byte) error {
	widths, size, err := copyWidths(n)
	if err != nil {
		return err
	}
	count := len(copies) / size
	columns := columnsOf(copies, count, widths)
	least := uint32(n.Nums[0])
	last := firstRecents
	w, r := 0, len(z)-literals
	for i := range count {
		run, length := columns[0].at(i), columns[1].at(i)
		distance := last.distance(columns[2].at(i))
		if uint64(run) > uint64(len(z)-r) {
			return invalid("copy %d comes after %d literals, of %d that remain", i, run, len(z)-r)
		}
		copy(z[w:w+int(run)], z[r:])
		w, r = w+int(run), r+int(run)
		if uint64(distance) > uint64(w) {
			return invalid("copy %d is of %d bytes before byte %d", i, distance, w)
		}
		if uint64(length)+uint64(least) > uint64(r-w) {
			return invalid("copy %d is longer than the %d bytes that remain", i, r-w)
		}
		end, from := w+int(length+least), w-int(distance)
		for w < end { // more each time: what was copied may be copied again
			w += copy(z[w:end], z[from:w])
		}
	}
	if w != r {
		return invalid("the copies leave %d bytes of their list", r-w)
	}
	return nil
}

// spreadExpand spreads what each copy costs over its bytes.
func spreadExpand(_ *Machine, n *dsl.Node, c *carried) error {
	widths, size, err := copyWidths(n)
	if err != nil {
		return err
	}
	count := len(c.args[1]) / size
	columns := columnsOf(c.args[1], count, widths)
	z, w, r := c.costs, 0, len(c.costs)-len(c.argCosts[0]) // as joinCopies has them
	for i := range count {
		run := int(columns[0].at(i))
		copy(z[w:w+run], z[r:])
		w, r = w+run, r+run
		end, own := w+int(columns[1].at(i))+int(n.Nums[0]), uint64(0)
		for p := range size {
			own += uint64(c.argCosts[1][p*count+i])
		}
		setEvenly(z[w:end], own)
		w = end
	}
	return nil
}

// A column is numbers in planes, the least significant bytes first.
type column struct{ planes [maxNumber][]byte }

// columnsOf returns the columns of copies, count numbers each.
func columnsOf(copies []byte, count int, widths [copyColumns]int) (c [copyColumns]column) {
	for k, w := range widths {
		for p := range w {
			c[k].planes[p], copies = copies[:count:count], copies[count:]
		}
	}
	return c
}

// at returns number i.
func (c *column) at(i int) (x uint32) {
	for p, plane := range &c.planes {
		if plane == nil {
			break
		}
		x |= uint32(plane[i]) << (8 * p)
	}
	return x
}

// set sets number i to x.
func (c *column) set(i int, x uint32) {
	for p, plane := range &c.planes {
		if plane == nil {
			break
		}
		plane[i] = byte(x >> (8 * p))
	}
}

// CopyNode returns the Expand, without arguments, that has room for copies of at least least
// bytes, and the bytes of its second argument.
func CopyNode(copies []Copy, least int) (n dsl.Node, columns []byte) {
	var most Copy
	numbers := make([]Copy, len(copies)) // as they are coded
	last := firstRecents
	for i, c := range copies {
		x := Copy{c.Run, c.Length - uint32(least), last.number(c.Distance)}
		numbers[i] = x
		most = Copy{max(most.Run, x.Run), max(most.Length, x.Length), max(most.Distance, x.Distance)}
	}
	widths := [copyColumns]int{max(1, byteWidth(most.Run)), byteWidth(most.Length), byteWidth(most.Distance)}
	n = dsl.Node{Op: dsl.Expand, Nums: [3]int32{int32(least)}}
	size := 0
	for _, w := range widths {
		n.List = append(n.List, int32(w))
		size += w
	}
	columns = make([]byte, size*len(copies))
	c := columnsOf(columns, len(copies), widths)
	for i, x := range numbers {
		c[0].set(i, x.Run)
		c[1].set(i, x.Length)
		c[2].set(i, x.Distance)
	}
	return n, columns
}

// byteWidth returns how many bytes x takes; 0 for 0.
func byteWidth(x uint32) (n int) {
	for ; x > 0; x >>= 8 {
		n++
	}
	return n
}

// AppendLiterals appends what of src no copy makes to dst.
func AppendLiterals(dst, src []byte, copies []Copy) []byte {
	for _, c := range copies {
		dst = append(dst, src[:c.Run]...)
		src = src[c.Run+c.Length:]
	}
	return append(dst, src...)
}

// contract is expand if the Machine splits: it looks for copies, which must be as long as the
// plan says.
func contract(n *dsl.Node, l lists) error {
	copies := FindCopies(l.result, int(n.Nums[0]))
	node, columns := CopyNode(copies, int(n.Nums[0]))
	literals := AppendLiterals(nil, l.result, copies)
	switch {
	case len(literals) != len(l.args[0]):
		return invalid("there are %d literals between repeats, the plan states %d", len(literals), len(l.args[0]))
	case len(columns) != len(l.args[1]):
		return invalid("%d copies take %d bytes, the plan states %d", len(copies), len(columns), len(l.args[1]))
	}
	for k, w := range node.List {
		if w != n.List[k] {
			return invalid("the numbers of copies take %v bytes, the plan states %v", node.List, n.List)
		}
	}
	copy(l.args[0], literals)
	copy(l.args[1], columns)
	return nil
}

const (
	findStep = 8  // positions are entered into the table one in so many, if least allows it
	findLog  = 20 // log2 of the most entries of the table: 4 MiB
)

// FindCopies returns copies of at least least bytes of which src is made, the rest being
// literals: from left to right, each as long as it can be. It takes a few nanoseconds a
// byte, so it sees only what repeats more than least bytes by a few.
func FindCopies(src []byte, least int) (copies []Copy) {
	f := copyFinder{src: src, least: least}
	f.width = min(max(least/2, 4), 8)
	f.step = min(max(least-f.width+1, 1), findStep)
	f.shift = 64 - min(max(bits.Len(uint(len(src)/f.step)), 8), findLog)
	f.table = make([]uint32, 1<<(64-f.shift))
	return f.find()
}

// A copyFinder finds strings that came before by their hash.
type copyFinder struct {
	src   []byte
	least int      // bytes of a copy
	width int      // bytes that are hashed, 4 to 8
	step  int      // of the positions in the table
	table []uint32 // 1 + the last position of each hash; 0: none
	shift int      // from a product to a hash
}

// at returns the entry of the string at position i.
func (f *copyFinder) at(i int) *uint32 {
	x := binary.LittleEndian.Uint64(f.src[i:]) << (64 - 8*f.width)
	return &f.table[x*0x9E3779B97F4A7C15>>f.shift] // the golden ratio
}

func (f *copyFinder) find() (copies []Copy) {
	done, entered := 0, 0 // src[:done] is made; src[:entered] is in the table
	for i := 0; i+8 <= len(f.src); i++ {
		for ; entered < i; entered += f.step {
			*f.at(entered) = uint32(entered + 1)
		}
		from := int(*f.at(i)) - 1
		if from < 0 {
			continue
		}
		back := 0
		for i-back > done && from-back > 0 && f.src[i-back-1] == f.src[from-back-1] {
			back++
		}
		length := back + Common(f.src[from:], f.src[i:])
		if length < f.least {
			continue
		}
		start := i - back
		copies = append(copies, Copy{uint32(start - done), uint32(length), uint32(i - from)})
		done = start + length
		i = done - 1
		if length > 1<<12 { // what repeats so long need not be entered twice
			entered = max(entered, done-(1<<12))
		}
	}
	return copies
}

// Common returns how many bytes a and b have in common at their starts; b must not be longer
// than a. Package deflate, which imports nothing of this module, has the same function.
func Common(a, b []byte) (n int) {
	for len(b)-n >= 8 {
		if x := binary.LittleEndian.Uint64(a[n:]) ^ binary.LittleEndian.Uint64(b[n:]); x != 0 {
			return n + bits.TrailingZeros64(x)>>3
		}
		n += 8
	}
	for n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}
