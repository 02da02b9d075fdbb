package seqcoder

import "math"

// A span is some of the rows of a batch, at most tileRows in a row, that look at one page of
// their texts: the page at a place.
type span struct{ first, rows, place, page int32 }

// spans are those of rows of a batch, tileRows at a time: those rows' spans in each list.
// Rows of one text have the same pages, and so have, at the beginning, texts that begin alike.
func spans(text, seen, tables []int32, wide int) (list [][]span) {
	for i := 0; i < len(text); i += tileRows {
		end := min(i+tileRows, len(text))
		var block []span
		for place := range wide {
			for k := i; k < end; {
				page, first, needed := tables[int(text[k])*wide+place], k, false
				for k < end && tables[int(text[k])*wide+place] == page {
					needed = needed || int(seen[k]) > place*PageTokens
					k++
				}
				if needed {
					block = append(block, span{int32(first), int32(k - first), int32(place), page})
				}
			}
		}
		list = append(list, block)
	}
	return list
}

// attend sets y (rows, C) to what the heads of layer l take of the values of the tokens that
// rows see, whose queries are in qkv (rows, 3C).
func (b *cpuBackend) attend(y, qkv []float32, seen []int32, list [][]span, wide, l int) {
	c, size := b.w.Width, b.w.Width/b.w.Heads
	width := wide * PageTokens
	if len(b.scores) < tileRows*width {
		b.scores = make([]float32, tileRows*width)
	}
	scores := b.scores[:tileRows*width]
	scale := float32(1 / math.Sqrt(float64(size)))
	clear(y)
	for h := 0; h < c; h += size {
		for k, block := range list {
			i := k * tileRows
			rows := min(tileRows, len(seen)-i)
			clear(scores)
			for _, s := range block {
				addTile(int(s.rows), size, qkv[int(s.first)*3*c+h:], 3*c, b.page(s.page, l).keys[h*PageTokens:], scores[(int(s.first)-i)*width+int(s.place)*PageTokens:], width)
			}
			var shares [tileRows]float32
			for r := range rows {
				shares[r] = 1 / weights(scores[r*width:][:width], int(seen[i+r]), scale)
			}
			for _, s := range block {
				for k := h; k < h+size; k += tileColumns {
					addTile(int(s.rows), PageTokens, scores[(int(s.first)-i)*width+int(s.place)*PageTokens:], width, b.page(s.page, l).values[k*PageTokens:], y[int(s.first)*c+k:], c)
				}
			}
			for r := range rows {
				out := y[(i+r)*c+h:][:size]
				for k := range out {
					out[k] *= shares[r]
				}
			}
		}
	}
}

// seenPages is how many pages n tokens take.
func seenPages(n int) int { return (n + PageTokens - 1) / PageTokens }

// weights sets the first n of scores to their exponential functions, less the largest and by
// scale, and the others to 0; it returns their sum. There is room for n up to the next 8.
func weights(scores []float32, n int, scale float32) (sum float32) {
	if !hasTiles {
		return weightsSlowly(scores, n, scale)
	}
	padded := up(n, 8)
	for k := n; k < padded; k++ {
		scores[k] = -math.MaxFloat32
	}
	sum = weightsTile(&scores[0], padded, scale)
	clear(scores[n:])
	return sum
}

func weightsSlowly(scores []float32, n int, scale float32) (sum float32) {
	most := scores[0]
	for _, s := range scores[:n] {
		most = max(most, s)
	}
	for k, s := range scores[:n] {
		scores[k] = exponential((s - most) * scale)
		sum += scores[k]
	}
	clear(scores[n:])
	return sum
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
