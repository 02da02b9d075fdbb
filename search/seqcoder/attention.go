package seqcoder

import "math"

// attend sets y (n, C) to what the heads of layer l take of the values of before tokens
// and of these, whose queries are in qkv (n, 3C) and whose pages table names.
func (b *cpuBackend) attend(y, qkv []float32, before int, table []int32, l int) {
	c, size := b.w.Width, b.w.Width/b.w.Heads
	n := len(y) / c
	wide := seenPages(before+n) * PageTokens
	if len(b.scores) < n*wide {
		b.scores = make([]float32, n*wide)
	}
	scores := b.scores[:n*wide]
	scale := float32(1 / math.Sqrt(float64(size)))
	clear(y)
	for h := 0; h < c; h += size {
		clear(scores)
		for i := 0; i < n; i += tileRows {
			rows := min(tileRows, n-i)
			for j, id := range table[:seenPages(before+i+rows)] {
				addTile(rows, size, qkv[i*3*c+h:], 3*c, b.page(id, l).keys[h*PageTokens:], scores[i*wide+j*PageTokens:], wide)
			}
		}
		for i := range n {
			softmax(scores[i*wide:][:before+i+1], scale)
			clear(scores[i*wide+before+i+1 : (i+1)*wide])
		}
		for i := 0; i < n; i += tileRows {
			rows := min(tileRows, n-i)
			for j, id := range table[:seenPages(before+i+rows)] {
				for k := h; k < h+size; k += tileColumns {
					addTile(rows, PageTokens, scores[i*wide+j*PageTokens:], wide, b.page(id, l).values[k*PageTokens:], y[i*c+k:], c)
				}
			}
		}
	}
}

// seenPages is how many pages n tokens take.
func seenPages(n int) int { return (n + PageTokens - 1) / PageTokens }

// softmax makes scores shares of 1, by their exponential functions after scale.
func softmax(scores []float32, scale float32) {
	most := scores[0]
	for _, s := range scores {
		most = max(most, s)
	}
	sum := float32(0)
	for j, s := range scores {
		e := exponential((s - most) * scale)
		scores[j] = e
		sum += e
	}
	sum = 1 / sum
	for j := range scores {
		scores[j] *= sum
	}
}

// exponential is e to the x, of 0 or less, to 1 in 10^5.
func exponential(x float32) float32 {
	t := max(x*math.Log2E, -126)
	n := int32(t) // up, since t is not above 0
	f := t - float32(n)
	// 2^f for -1 < f <= 0: the series of e to the f ln 2.
	f *= math.Ln2
	p := 1 + f*(1+f*(0.5+f*(1.0/6+f*(1.0/24+f*(1.0/120+f*(1.0/720+f*(1.0/5040)))))))
	return p * math.Float32frombits(uint32(n+127)<<23)
}

// gelu is x by the share of a normal distribution that is below it, to 10^-5: between
// places of a table.
func gelu(x []float32) {
	for i, v := range x {
		t := (v + geluReach) * geluPlaces
		if t < 0 {
			x[i] = 0
		} else if k := int(t); k < len(geluTable)-1 {
			a := geluTable[k]
			x[i] = a + (geluTable[k+1]-a)*(t-float32(k))
		}
	}
}

const (
	geluReach  = 6
	geluPlaces = 256 // between numbers 1 apart
)

var geluTable = func() (t [2*geluReach*geluPlaces + 1]float32) {
	for k := range t {
		v := float64(k)/geluPlaces - geluReach
		t[k] = float32(v * (1 + math.Erf(v/math.Sqrt2)) / 2)
	}
	return t
}()
