package plan

import (
	"fmt"

	"github.com/ktzip/ktzip/dsl"
)

// A row says what an operation means in a plan.
type row struct {
	// check says what is wrong with the parameters; nil if nothing can be.
	check func(n *dsl.Node) error
	// lengths returns the lengths of the arguments of a node that makes size bytes.
	// stated has those that the plan itself states, negative if it does not.
	lengths func(n *dsl.Node, size int, stated [2]int) ([2]int, error)
	// place says where the arguments are while run changes them.
	place place
	// perHead is how many bytes of lists each record takes in addition, of which the first
	// argument has heads as long as the first number says.
	perHead int
	// run makes the result from the arguments if m is joining; if splitting, it makes the
	// arguments from the result, which it may change. nil if there is nothing to do.
	run func(m *Machine, n *dsl.Node, l lists) error
}

// A place says where the arguments of an operation are.
type place uint8

const (
	inResult  place = iota // parts of the result, one after the other
	separate               // in bytes of their own
	atItsTail              // the first is the end of the result, the second has bytes of its own
)

// ownBytes returns how many bytes of their own arguments of s and t bytes have.
func (p place) ownBytes(s, t int) int {
	switch p {
	case separate:
		return s + t
	case atItsTail:
		return t
	}
	return 0
}

// lists are those of a node that is executed; its row says where the arguments are.
type lists struct {
	result []byte
	args   [2][]byte
}

// rows is the table of the operations of plans. z is the length of the result.
var rows = [...]*row{
	// payload(k): stream k. Machine.payload executes it.
	dsl.Payload: {lengths: sameLength},
	// between(s, 0, z): s, whose length it states.
	dsl.Between: {lengths: betweenLength},
	// concatenate(s, t): s, then t.
	dsl.Concatenate: {lengths: concatenateLengths},
	// interleave(s, t): s[0], t[0], s[1], t[1], …; s has (z + 1) / 2 bytes.
	dsl.Interleave: {lengths: interleaveLengths, place: separate, run: interleave},

	// reverse_list(s): the last byte first.
	dsl.ReverseList: bytewise(reverseBytes, reverseBytes),
	// scan_add(s): running sums.
	dsl.ScanAdd: bytewise(joinScanAdd, splitScanAdd),
	// add_item_list(s, c): each byte plus c.
	dsl.AddItem: bytewise(joinAddItem, splitAddItem),

	// predict(s, w, h, [d, c, …]): each element plus (c × the element d before + …) / 2^h.
	dsl.Predict: {check: checkPredict, lengths: sameLength, run: predict},
	// paeth(s, w, d, e): each element plus the one of left (d before), up (e before) and
	// corner that is nearest to left + up - corner.
	dsl.Paeth: elementwise(checkPlanar),
	// median(s, w, d, e): each element plus the median of left, up and left + up - corner.
	dsl.Median: elementwise(checkPlanar),
	// zigzag(s, w): 0, 1, 2, 3, … become 0, -1, 1, -2, ….
	dsl.Zigzag: elementwise(checkElement),
	// scan_xor(s, w, d): each element xor the one d before.
	dsl.ScanXor: elementwise(checkDistance),
	// floats(s, w): sign and magnitude from numbers of the same order.
	dsl.Floats: elementwise(checkElement),
	// lms(s, w, c, h, [d, …]): each element plus an adaptive prediction.
	dsl.LMS: {check: checkLMS, lengths: sameLength, run: adapt},

	// transpose(s, w, n): rows of n elements of w bytes, from n columns.
	dsl.Transpose: {check: checkTranspose, lengths: sameLength, place: separate, run: transpose},
	// fields(s, [w, …]): records of fields of w bytes, from all first fields, all second, ….
	dsl.Fields: {check: checkFields, lengths: sameLength, place: separate, run: fields},
	// records(s, t, h, [p, w, c, …]): records of kinds that their heads of h bytes, in s,
	// tell apart; t has their bodies, a kind after the other.
	dsl.Records: {check: checkRecords, lengths: recordsLengths, place: separate, perHead: kindBytes, run: records},
	// pack(s, k, o): samples of k bits, packed in the order o, from elements.
	dsl.Pack: {check: checkPack, lengths: packLength, place: separate, run: pack},
	// expand(s, t, m, [r, l, d]): the literals s between copies, of at least m bytes, that t says.
	dsl.Expand: {check: checkExpand, lengths: expandLengths, place: atItsTail, run: expand},
	// columns(s, [w, p, a, …]): records of fields from their columns, each less what p predicts.
	dsl.Columns: {check: checkColumns, lengths: sameLength, place: separate, run: columns},
	// kinds(s, t, h, […]): records of kinds, with heads of h bytes, in s; t has the columns of
	// the fields of each kind.
	dsl.Kinds: {check: checkKinds, lengths: recordsLengths, place: separate, perHead: kindsBytes, run: kinds},
	// mix(s, w, h, [n, d, c, …, n, d, c, …]): each element plus (c × the element d before + …) /
	// 2^h, with n pairs of d and c for each channel.
	dsl.Mix: {check: checkMix, lengths: sameLength, run: mix},
	// lines(s, t, e, r, [n, …]): r rows of text, each followed by byte e, printed by the templates
	// at the start of t from the columns s and the cells that t has after them.
	dsl.Lines: {check: checkLines, lengths: linesLengths, place: separate, run: lines},
	// branches(s, a, o): machine code of architecture a, whose first byte has the address o, from
	// code whose calls name addresses.
	dsl.Branches: {check: checkBranches, lengths: sameLength, run: branches},
	// scaled(s, w, p, q): floating-point numbers nearest to p / q times an integer.
	dsl.Scaled: {check: checkScaled, lengths: sameLength, run: scaled},
	// multiples(s, w, p, r): r more than p times an integer, of either sign if p is negative.
	dsl.Multiples: {check: checkMultiples, lengths: sameLength, run: multiples},
	// lookup(s, t, w, i): for each index of i bytes of s, the element of the table t.
	dsl.Lookup: {check: checkLookup, lengths: lookupLengths, place: separate, run: lookup},
	// letters(s, t, [l, …]): letters of few bits, in s, in the runs that t says, between bytes that t has.
	dsl.Letters: {check: checkLetters, lengths: lettersLengths, place: separate, run: letters},
	// converted(s, w, k): numbers in encoding k, from those that they stand for.
	dsl.Converted: {check: checkConverted, lengths: sameLength, run: converted},
	// distinct(s, t, w, i): for each number of i bytes of s the next new group of w bytes of t, or one that came before.
	dsl.Distinct: {check: checkDistinct, lengths: distinctLengths, place: separate, run: distinct},
	// normals(s): facets of 50 bytes, whose normals are those of their points plus what s has.
	dsl.Normals: {lengths: sameLength, run: normals},
}

// wordings is the table of what operations do, in words. It is one of its own, without a closure, so that the linker drops
// it from programs that have no use for words.
var wordings = [len(rows)]wording{
	dsl.Payload:     {say: "stream {0} as it is"},
	dsl.Between:     {say: "a list of {1:byte}"},
	dsl.Concatenate: {say: "one list after the other", roles: [2]string{"first", "last"}},
	dsl.Interleave:  {say: "bytes of two lists in turns", roles: [2]string{"even bytes", "odd bytes"}},
	dsl.ReverseList: {say: "bytes backwards"},
	dsl.ScanAdd:     {kind: KindSamples, say: "differences of bytes"},
	dsl.AddItem:     {say: "bytes, each plus {0}"},
	dsl.Predict:     {kind: KindSamples, text: predictWords},
	dsl.Paeth:       {kind: KindImages, text: planarWords},
	dsl.Median:      {kind: KindImages, text: planarWords},
	dsl.Zigzag:      {say: "{w} with their signs folded in: 0, -1, 1, -2, … become 0, 1, 2, 3, …"},
	dsl.ScanXor:     {kind: KindSamples, text: scanXorWords},
	dsl.Floats:      {kind: KindNumbers, say: "{f} as integers of the same order"},
	dsl.LMS:         {kind: KindSamples, text: lmsWords},
	dsl.Transpose:   {text: transposeWords},
	dsl.Fields:      {kind: KindRecords, text: fieldsWords},
	dsl.Records:     {kind: KindRecords, text: recordsWords, roles: [2]string{"heads", "bodies"}},
	dsl.Pack:        {kind: KindSamples, text: packWords},
	dsl.Expand:      {kind: KindRepeated, say: "copies of what came before, at any distance, between new bytes", roles: [2]string{"new bytes", "copies"}},
	dsl.Columns:     {kind: KindRecords, text: columnsWords},
	dsl.Kinds:       {kind: KindRecords, text: kindsWords, roles: [2]string{"heads", "fields"}},
	dsl.Mix:         {kind: KindSamples, text: mixWords},
	dsl.Lines:       {kind: KindRows, text: linesWords, roles: [2]string{"numbers in the text", "templates and other text"}},
	dsl.Branches:    {kind: KindCode, text: branchesWords},
	dsl.Scaled:      {kind: KindNumbers, text: scaledWords},
	dsl.Multiples:   {kind: KindNumbers, text: multiplesWords},
	dsl.Lookup:      {kind: KindNumbers, say: "{w} of few values, by their place in a table", roles: [2]string{"places", "table"}},
	dsl.Letters:     {kind: KindLetters, text: lettersWords, roles: [2]string{"letters", "other bytes"}},
	dsl.Converted:   {kind: KindNumbers, text: convertedWords},
	dsl.Distinct:    {kind: KindMeshes, say: "groups of {0:byte}, of which many are the same: each different one once", roles: [2]string{"places", "groups"}},
	dsl.Normals:     {kind: KindMeshes, say: "triangles (STL), their normals less what their points say"},
}

// rowOf returns the row of op; nil if plans cannot use it.
func rowOf(op dsl.Op) *row {
	if int(op) < len(rows) {
		return rows[op]
	}
	return nil
}

var (
	errEarlier = fmt.Errorf("%w: a plan has no earlier lists", dsl.ErrExecution)
	errSplit   = fmt.Errorf("%w: this program takes no segment apart by a plan", dsl.ErrExecution)
	errSteps   = fmt.Errorf("%w: steps of a plan", dsl.ErrLimit)
)

// invalid is an error of parameters or lengths.
func invalid(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{dsl.ErrExecution}, args...)...)
}

// bytewise is the row of an operation that changes each byte in place.
func bytewise(join, split func(b []byte, n *dsl.Node)) *row {
	k := newKernel(join, split)
	return &row{lengths: sameLength, run: func(m *Machine, n *dsl.Node, l lists) error {
		k.run(m.direction, l.result, n)
		return nil
	}}
}

// elementwise is the row of an operation that changes each element in place, of n.Nums[0]
// bytes.
func elementwise(check func(n *dsl.Node) error) *row {
	return &row{check: check, lengths: sameLength, run: func(m *Machine, n *dsl.Node, l lists) error {
		k := kernelOf(n)
		swapBytes(l.result, int(n.Nums[0]))
		k.run(m.direction, l.result, n)
		swapBytes(l.result, int(n.Nums[0]))
		return nil
	}}
}

// sameLength is row.lengths of operations that keep the length of their list.
func sameLength(_ *dsl.Node, size int, _ [2]int) ([2]int, error) { return [2]int{size}, nil }

func betweenLength(n *dsl.Node, size int, _ [2]int) (wanted [2]int, err error) {
	if n.Nums[0] != 0 || int(n.Nums[1]) != size {
		return wanted, invalid("indices %d and %d of a list of %d bytes, want 0 and %d", n.Nums[0], n.Nums[1], size, size)
	}
	return [2]int{size}, nil
}

func concatenateLengths(_ *dsl.Node, size int, stated [2]int) (wanted [2]int, err error) {
	s, t := stated[0], stated[1]
	switch {
	case s >= 0:
		t = size - s
	case t >= 0:
		s = size - t
	default:
		return wanted, invalid("the plan states the length of no list of a concatenate; use get_subsequence_between_indices(s, 0, n)")
	}
	if s < 0 || t < 0 {
		return wanted, invalid("a list of a concatenate is longer than its %d bytes", size)
	}
	return [2]int{s, t}, nil
}

func interleaveLengths(_ *dsl.Node, size int, _ [2]int) ([2]int, error) {
	return [2]int{(size + 1) / 2, size / 2}, nil
}

func interleave(m *Machine, _ *dsl.Node, l lists) error {
	z, s, t := l.result, l.args[0], l.args[1]
	if m.direction.joins() {
		for i, c := range t {
			z[2*i], z[2*i+1] = s[i], c
		}
	} else {
		for i := range t {
			s[i], t[i] = z[2*i], z[2*i+1]
		}
	}
	m.direction.move(z[2*len(t):], s[len(t):])
	return nil
}
