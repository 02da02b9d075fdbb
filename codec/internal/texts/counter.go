package texts

// A counter is an adaptive probability, 22 bits, and how often it was used, 10 bits. It is the
// mean of what it saw, until counterLimit, from where on what is older fades.
type counter uint32

const (
	counterLimit = 255     // 127 and 1023 are the same within 0.03 %
	counterStart = 1 << 31 // as likely 0 as 1, never used
)

// p returns the probability of 1, 16 bits.
func (c counter) p() uint32 { return uint32(c) >> 16 }

// update learns that the decision was bit.
func (c *counter) update(bit int) {
	n, p := uint32(*c)&1023, int64(*c>>10)
	p += (int64(bit)*(1<<22-1) - p) * int64(reciprocals[n]) >> 16
	*c = counter(uint32(p)<<10 | min(n+1, counterLimit))
}

// A pair is two probabilities that adapt at different rates: their mean is nearly as good as
// mixing.
type pair struct{ fast, slow uint16 }

const (
	fastRate = 4  // 1/16
	slowRate = 7  // 1/128
	pairEdge = 32 // from 0 and from 65535, arbitrary
)

// p returns the probability of 1, 16 bits.
func (c pair) p() uint32 {
	return min(max((uint32(c.fast)+uint32(c.slow))/2, pairEdge), 65535-pairEdge)
}

// update learns that the decision was bit.
func (c *pair) update(bit int) {
	y := int32(bit) * 65535
	c.fast += uint16((y - int32(c.fast)) >> fastRate)
	c.slow += uint16((y - int32(c.slow)) >> slowRate)
}

// evenPair is a pair that has seen nothing.
var evenPair = pair{1 << 15, 1 << 15}

// code codes a decision and learns from it.
func (c *pair) code(k *coder, bit int) int {
	bit = k.bit(bit, c.p())
	c.update(bit)
	return bit
}

// A curve refines a probability by what followed it in a context (an adaptive probability map,
// as in paq): points of which the two nearest count.
type curve struct {
	points []uint16
	at     int // the nearest point of the last refinement
}

const (
	curvePoints = 33
	curveStep   = 176 // of logits, between points
	curveRate   = 5   // 1/32
)

// reset begins with curves that change nothing.
func (a *curve) reset(contexts int) {
	a.points = sized(a.points, contexts*curvePoints)
	for i := range a.points {
		a.points[i] = uint16(squash(clampLogit(int64(i%curvePoints-curvePoints/2) * curveStep)))
	}
}

// refine returns the probability of a logit in a context.
func (a *curve) refine(context int, logit int32) uint32 {
	s := uint32(logit + curvePoints/2*curveStep)
	k, w := context*curvePoints+int(s/curveStep), s%curveStep
	a.at = k + int(w/(curveStep/2+1))
	two := a.points[k : k+2]
	return (uint32(two[0])*(curveStep-w) + uint32(two[1])*w) / curveStep
}

// update learns that the decision was bit.
func (a *curve) update(bit int) {
	p := &a.points[a.at]
	*p = uint16(int32(*p) + (int32(bit)*65535-int32(*p))>>curveRate)
}
