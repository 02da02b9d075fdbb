package mix

import "math/bits"

// Experts predict numbers of three bytes of which the byte that comes next is the last, the
// most significant one if it is little endian.
const (
	experts      = 10
	surprises    = 6
	scaleClasses = 20
	farClasses   = 16
	expertNodes  = 9
)

var (
	kExperts = uint(knob("EXPERTS", 0x31f))
	kErr     = uint(knob("ERR", 3))
)

type expert struct {
	from     int32 // the number if the byte is that guessed, less what is expected
	shift    uint
	scale    int32 // class of the error
	log      int32 // of the error
	surprise int32
	at       int // counter of the decision under way
}

type column struct {
	errs         [experts]uint16 // means of the logarithms of errors, 8 bits of fraction
	noise        int32           // bits that a byte takes, 8 bits of fraction
	slope, curve int32
	misses       uint8
}

type state struct {
	slope, curve int32
	misses       uint8
}

type panel struct {
	list      []expert
	counters  []counter
	column    *column
	guess     uint32
	x1, known int32
	undo      state
	undoOf    *column
	surprise  [experts]int32
	last      [4][experts]int32
}

func (p *panel) reset() {
	*p = panel{list: p.list, counters: p.counters}
	p.list = sized(p.list, bits.OnesCount(kExperts))
	p.counters = filled(p.counters, len(p.list)*expertNodes*scaleClasses*farClasses*2*surprises, counterStart)
}

// at sets what the experts expect, and returns the guess.
func (p *panel) at(v *view, c *column, some int) {
	p.column = c
	x := func(k int) int32 { return int32(v.A[k]<<16 | v.AW[k]<<8 | v.AWW[k]) }
	x1, x2, x3 := x(0), x(1), x(2)
	known := int32(v.W<<8 | v.WW)
	y := func(k int) int32 { return int32(v.A[k] | v.AW[k]<<8 | v.AWW[k]<<16) }
	y1, y2 := y(0), y(1)
	above := int32(v.W<<8 | v.WW<<16)
	switch some {
	case 0:
		x1 = known
		y1 = above
		x2, x3, y2 = x1, x1, y1
	case 1:
		x2, x3, y2 = x1, x1, y1
	case 2:
		x3 = 2*x2 - x1
	}
	d := (x1 - x2) << 8 >> 8
	z := int32(v.P<<16 | v.PW<<8 | v.PWW)
	all := [experts]int32{x1, 2*x1 - x2, x1 + d/2, 3*x1 - 3*x2 + x3, z, y1, 2*y1 - y2, 0, x1 + c.slope, x1 + c.slope + c.curve}
	guess := uint32(x1-known+0x8000) >> 16 & 255
	p.guess = guess
	p.x1, p.known = x1, known
	v.guess = guess
	n := 0
	for k, e := range all {
		if kExperts>>k&1 == 0 {
			continue
		}
		q := &p.list[n]
		q.shift = 16
		q.from = known | int32(guess)<<16 - e
		if k == 5 || k == 6 {
			q.shift = 0
			q.from = above + int32(guess) - e
		}
		q.log = int32(c.errs[k])
		q.scale = min(max((q.log-int32(q.shift)*256)>>7+8, 0), scaleClasses-1)
		switch kSurprise {
		case 1:
			q.surprise = min(max(p.surprise[k]+512, 0)>>8, surprises-1)
		case 2:
			q.surprise = min(max(p.last[0][k]+512, 0)>>8, surprises-1)
		case 3:
			q.surprise = min(max(p.last[3][k]+512, 0)>>8, surprises-1)
		}
		n++
	}
}

var kSurprise = knob("SURPRISE", 2)
var kSurp = uint(knob("SURP", 2))

// inputs sets the logits of decision k, whether the byte is the guess for k = 0, or else
// whether it is at least mid beyond it.
func (p *panel) inputs(in []int32, k int, mid int32) {
	for j := range p.list {
		q := &p.list[j]
		far := (q.from + mid<<q.shift) << 8 >> 8
		side := 0
		if far < 0 {
			far, side = -far, 1
		}
		class := min(max((log2(uint32(far))-q.log)>>7+8, 0), farClasses-1)
		q.at = (((j*surprises+int(q.surprise))*expertNodes+k)*scaleClasses+int(q.scale))*farClasses*2 + int(class)*2 + side
		in[j] = stretch(p.counters[q.at].p())
	}
}

func (p *panel) update(bit int) {
	for j := range p.list {
		p.counters[p.list[j].at].update(bit)
	}
}

// learn learns that the byte was b.
func (p *panel) learn(b byte) {
	p.follow(b)
	copy(p.last[1:], p.last[:3])
	n := 0
	v := int32(int8(b - byte(p.guess)))
	for k := range experts {
		if kExperts>>k&1 == 0 {
			continue
		}
		q := &p.list[n]
		r := (q.from + v<<q.shift) << 8 >> 8
		e := &p.column.errs[k]
		l := log2(uint32(max(r, -r))) - int32(*e)
		p.last[0][k] = l
		p.surprise[k] += (l - p.surprise[k]) >> kSurp
		*e += uint16(l >> kErr)
		n++
	}
}

var kJump = int32(knob("JUMP", 768))
var kUndo = knob("UNDO", 1)

// follow follows the slope.
func (p *panel) follow(b byte) {
	c := p.column
	d := (p.known | int32(b)<<16 - p.x1) << 8 >> 8
	r := (d - c.slope) << 8 >> 8
	before := state{c.slope, c.curve, c.misses}
	if log2(uint32(max(r, -r)))-int32(c.errs[8]) > kJump && c.misses < 3 {
		c.slope += c.curve
		c.misses++
		if kUndo > 0 && p.undoOf != nil {
			u := p.undoOf
			u.slope, u.curve, u.misses = p.undo.slope+p.undo.curve, p.undo.curve, 0
		}
	} else {
		c.slope, c.curve, c.misses = d, r, 0
	}
	p.undo, p.undoOf = before, c
}

// log2 is the logarithm of x + 1, 8 bits of fraction.
func log2(x uint32) int32 {
	x++
	n := bits.Len32(x)
	return int32(n-1)<<8 | int32(x<<(32-n)>>23&255)
}

var kNoisy = int32(knob("NOISY", 5400))

// certain reports whether an expert says more than noise.
func (p *panel) certain() bool {
	for k := range 4 {
		if int32(p.column.errs[k]) < kNoisy {
			return true
		}
	}
	return false
}
