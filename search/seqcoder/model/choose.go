package model

import (
	"math"
	"math/bits"
)

// add appends the candidates of a text: the k largest logits (V) whose bits are set in allowed,
// of equal ones the first, and the total.
func (c *Candidates) add(logits []float32, allowed []uint32, k int) {
	start, largest, sum := len(c.IDs), float32(math.Inf(-1)), 0.0
	for word, m := range allowed {
		for ; m != 0; m &= m - 1 {
			largest = max(largest, logits[word*32+bits.TrailingZeros32(m)])
		}
	}
	ids, best := c.IDs, c.Logits
	for word, m := range allowed {
		for ; m != 0; m &= m - 1 {
			t := word*32 + bits.TrailingZeros32(m)
			v := logits[t]
			sum += float64(exponential(v - largest))
			if full := len(ids)-start == k; full && best[len(best)-1] >= v {
				continue
			} else if full {
				ids, best = ids[:len(ids)-1], best[:len(best)-1]
			}
			ids, best = append(ids, int32(t)), append(best, v)
			for i := len(ids) - 1; i > start && best[i] > best[i-1]; i-- {
				ids[i], ids[i-1] = ids[i-1], ids[i]
				best[i], best[i-1] = best[i-1], best[i]
			}
		}
	}
	for len(ids)-start < k {
		ids, best = append(ids, -1), append(best, float32(math.Inf(-1)))
	}
	c.IDs, c.Logits, c.Totals = ids, best, append(c.Totals, largest+float32(math.Log(sum)))
}
