package records

import (
	"math/bits"

	"github.com/ktzip/ktzip/codec/internal/arith"
)

// Experts expect numbers of three bytes, of which the byte that comes next is one: the most
// significant one if the least comes first. The two bytes before it are the others; where they
// belong to another number, they are a fraction that does no harm.
//
// An expert's counters are chosen by how far the middle of what is undecided is from what it
// expects, as a multiple of how far it is in the mean in this column. So all columns share what
// their numbers have in common: how errors are distributed.
const (
	experts         = 6
	surpriseClasses = 6
	byteNodes       = 9
	errorClasses    = 20
	farClasses      = 32
	expertClasses   = surpriseClasses * byteNodes * errorClasses * farClasses
	errorShift      = 3 // of means: 1/8
	logBits         = 8 // of fraction of logarithms
)

// The experts.
const (
	expertLast     = iota // the number above
	expertLine            // as much more as that was more than the one above it
	expertHalfLine        // half as much more
	expertCurve           // a parabola through three
	expertOld             // the number in the record before, of whatever kind
	expertBig             // a line of numbers whose most significant byte comes first
)

// An expert is what one of them expects of the byte that comes next.
type expert struct {
	kind     int
	gap      int32 // the number, if the byte is as guessed, less what is expected
	shift    uint  // of the byte within the number
	log      int32 // of the error in the mean
	class    int   // of the surprise and the error
	surprise int32 // logarithm of how much more than that the last error was
	at       int   // the counter of the decision under way
}

// A column is what is known of the bytes of a column of records of a kind.
type column struct {
	errors [experts]uint16 // means of the logarithms of errors
	noise  int32           // bits that a byte takes in the mean, 8 bits of fraction
}

// A panel is a list of experts.
type panel struct {
	list     []expert
	counters []arith.Counter
	column   *column
}

// reset begins with the experts of a mask.
func (p *panel) reset(mask uint) {
	p.list = p.list[:0]
	for k := range experts {
		if mask>>k&1 != 0 {
			p.list = append(p.list, expert{kind: k})
		}
	}
	p.counters = arith.Filled(p.counters, len(p.list)*expertClasses, arith.EvenCounter)
}

// signed24 returns the number of 24 bits, with a sign, that x is a multiple of 2^24 from.
func signed24(x int32) int32 { return x << 8 >> 8 }

// look sets the guess of v and what experts expect of the column c.
func (p *panel) look(v *view, c *column) {
	p.column = c
	var x, y [3]int32 // numbers above, their least significant byte first, and last
	for k := range x {
		x[k] = int32(v.up[k]<<16 | v.upW[k]<<8 | v.upWW[k])
		y[k] = int32(v.up[k] | v.upW[k]<<8 | v.upWW[k]<<16)
	}
	known, knownBig := int32(v.w<<8|v.ww), int32(v.w<<8|v.ww<<16)
	switch v.rows {
	case 0:
		x, y = [3]int32{known, known, known}, [3]int32{knownBig, knownBig, knownBig}
	case 1:
		x[1], x[2], y[1] = x[0], x[0], y[0]
	case 2:
		x[2] = 2*x[1] - x[0]
	}
	step := signed24(x[0] - x[1])
	expected := [experts]int32{
		expertLast:     x[0],
		expertLine:     x[0] + step,
		expertHalfLine: x[0] + step/2,
		expertCurve:    3*(x[0]-x[1]) + x[2],
		expertOld:      int32(v.old<<16 | v.oldW<<8 | v.oldWW),
		expertBig:      2*y[0] - y[1],
	}
	v.guess = uint32(x[0]-known+1<<15) >> 16 & 255
	for i := range p.list {
		q := &p.list[i]
		q.shift = 16
		q.gap = known + int32(v.guess)<<16 - expected[q.kind]
		if q.kind == expertBig {
			q.shift = 0
			q.gap = knownBig + int32(v.guess) - expected[q.kind]
		}
		q.log = int32(c.errors[q.kind])
		size := min(max((q.log-int32(q.shift)<<logBits)>>(logBits-1)+8, 0), errorClasses-1)
		surprise := min(max(q.surprise+2<<logBits, 0)>>logBits, surpriseClasses-1)
		q.class = ((i*surpriseClasses+int(surprise))*errorClasses + int(size)) * byteNodes
	}
}

// inputs sets the logits of decision k of a byte: whether it is as guessed, for k = 0, or else
// whether it is at least middle more than that.
func (p *panel) inputs(in []int32, k int, middle int32) {
	in = in[:len(p.list)]
	for j := range p.list {
		q := &p.list[j]
		far, side := signed24(q.gap+middle<<q.shift), 0
		if far < 0 {
			far, side = -far, 1
		}
		class := min(max((log2(uint32(far))-q.log)>>(logBits-1)+8, 0), farClasses/2-1)
		q.at = (q.class+k)*farClasses + int(class)*2 + side
		in[j] = arith.Stretch(p.counters[q.at].P())
	}
}

// learn learns that the decision was bit.
func (p *panel) learn(bit int) {
	for j := range p.list {
		p.counters[p.list[j].at].Update(bit)
	}
}

// learnByte learns how much more the byte was than guessed.
func (p *panel) learnByte(v byte) {
	for j := range p.list {
		q := &p.list[j]
		wrong := signed24(q.gap + int32(int8(v))<<q.shift)
		q.surprise = log2(uint32(max(wrong, -wrong))) - q.log
		p.column.errors[q.kind] = uint16(q.log + q.surprise>>errorShift)
	}
}

// log2 returns the binary logarithm of x + 1, x < 2^31, with 8 bits of fraction, the line between
// powers of 2.
func log2(x uint32) int32 {
	n := bits.Len32(x + 1)
	return int32(n-1)<<logBits | int32((x+1)<<(32-n)>>23&255)
}
