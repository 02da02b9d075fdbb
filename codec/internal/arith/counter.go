package arith

// A Counter is an adaptive probability, 22 bits, and how often it was used, 10 bits. It is the
// mean of what it saw, until counterLimit, from where on what is older fades.
type Counter uint32

// counterLimit is from how many uses on a counter is as fast. 127 and 1023 are the same within 0.03 %.
const counterLimit = 255

// EvenCounter is a counter that has seen nothing.
const EvenCounter Counter = 1 << 31

// P returns the probability of 1, 16 bits.
func (c Counter) P() uint32 { return uint32(c) >> 16 }

// Update learns that the decision was bit.
func (c *Counter) Update(bit int) {
	n, p := uint32(*c)&1023, int64(*c>>10)
	p += (int64(bit)*(1<<22-1) - p) * int64(reciprocals[n]) >> 16
	*c = Counter(uint32(p)<<10 | min(n+1, counterLimit))
}

// A Pair is two probabilities that adapt at different rates: their mean is nearly as good as
// mixing.
type Pair struct{ fast, slow uint16 }

const (
	fastRate = 4  // 1/16
	slowRate = 7  // 1/128
	pairEdge = 32 // from 0 and from 65535, arbitrary
)

// P returns the probability of 1, 16 bits.
func (c Pair) P() uint32 {
	return min(max((uint32(c.fast)+uint32(c.slow))/2, pairEdge), 65535-pairEdge)
}

// Update learns that the decision was bit.
func (c *Pair) Update(bit int) {
	y := int32(bit) * 65535
	c.fast += uint16((y - int32(c.fast)) >> fastRate)
	c.slow += uint16((y - int32(c.slow)) >> slowRate)
}

// EvenPair is a pair that has seen nothing.
var EvenPair = Pair{1 << 15, 1 << 15}

// Code codes a decision and learns from it.
func (c *Pair) Code(k *Coder, bit int) int {
	bit = k.Bit(bit, c.P())
	c.Update(bit)
	return bit
}

// A Curve refines a probability by what followed it in a context (an adaptive probability map,
// as in paq): points of which the two nearest count.
type Curve struct {
	points []uint16
	at     int // the nearest point of the last refinement
}

const (
	CurvePoints = 33  // of each context, 2 bytes each
	curveStep   = 176 // of logits, between points
	curveRate   = 5   // 1/32
)

// Reset begins with curves of so many contexts that change nothing.
func (a *Curve) Reset(contexts int) {
	a.points = Sized(a.points, contexts*CurvePoints)
	for i := range a.points {
		a.points[i] = uint16(Squash(ClampLogit(int64(i%CurvePoints-CurvePoints/2) * curveStep)))
	}
}

// Refine returns the probability, 16 bits, of a logit in a context.
func (a *Curve) Refine(context int, logit int32) uint32 {
	s := uint32(logit + CurvePoints/2*curveStep)
	k, w := context*CurvePoints+int(s/curveStep), s%curveStep
	a.at = k + int(w/(curveStep/2+1))
	two := a.points[k : k+2]
	return (uint32(two[0])*(curveStep-w) + uint32(two[1])*w) / curveStep
}

// Update learns that the decision refined last was bit.
func (a *Curve) Update(bit int) {
	p := &a.points[a.at]
	*p = uint16(int32(*p) + (int32(bit)*65535-int32(*p))>>curveRate)
}
