package texts

import "github.com/ktzip/ktzip/codec/internal/arith"

// Curves refine a probability by what followed it in two contexts (adaptive probability maps, as in paq): points of
// which the two nearest count. The points of a context fill a line of caches, which aim has fetched before refine
// needs it.
type curves struct {
	points []uint16 // of the first curve, then of the second
	log    int      // log2 of the contexts of each
	next   [2]int   // where those of the next decision begin
	at     [2]int   // the nearest points of the last refinement
}

const (
	curvePoints = 32  // room of each context, 2 bytes each: 23 are in use
	curveStep   = 256 // of logits, between points: with 176, sizes were the same within 0.1 %
	curveZero   = 11 * curveStep
	curveRate   = 5 // 1/32
)

// reset begins with curves of 2^log contexts that change nothing.
func (c *curves) reset(log int) {
	c.log = log
	c.points = arith.Sized(c.points, 2*curvePoints<<log)
	for i := range c.points {
		c.points[i] = uint16(arith.Squash(arith.ClampLogit(int64(i%curvePoints*curveStep - curveZero))))
	}
}

// aim chooses the contexts of the next decision, by a hash for each curve.
func (c *curves) aim(first, second uint32) {
	c.next[0] = int(first>>(32-c.log)) * curvePoints
	c.next[1] = int(second>>(32-c.log)|1<<c.log) * curvePoints
}

// refine returns the sum of the probabilities, 16 bits each, of a logit.
func (c *curves) refine(logit int32) uint32 {
	s := uint32(logit + curveZero)
	k, w := int(s/curveStep), s%curveStep
	near := int((s + curveStep/2) / curveStep)
	c.at = [2]int{c.next[0] + near, c.next[1] + near}
	a, b := c.points[c.next[0]+k:][:2], c.points[c.next[1]+k:][:2]
	return ((uint32(a[0])+uint32(b[0]))*(curveStep-w) + (uint32(a[1])+uint32(b[1]))*w) / curveStep
}

// update learns that the decision refined last was bit.
func (c *curves) update(bit int) {
	for _, at := range c.at {
		p := &c.points[at]
		*p = uint16(int32(*p) + (int32(bit)*65535-int32(*p))>>curveRate)
	}
}
