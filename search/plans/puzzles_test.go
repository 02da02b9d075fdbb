package plans

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/ktzip/ktzip/dsl/plan"
)

// appendNumber appends x as |w| bytes, big endian if w is negative.
func appendNumber(b []byte, w int, x int64) []byte {
	var le [8]byte
	binary.LittleEndian.PutUint64(le[:], uint64(x))
	part := slices.Clone(le[:max(w, -w)])
	if w < 0 {
		slices.Reverse(part)
	}
	return append(b, part...)
}

// header returns up to 300 bytes, or none.
func header(r *rand.Rand) []byte {
	b := make([]byte, []int{0, 0, r.IntN(300)}[r.IntN(3)])
	for i := range b {
		b[i] = byte(r.IntN(256))
		if r.IntN(2) == 0 {
			b[i] = 0
		}
	}
	return b
}

// channels are samples of some channels that wander or swing.
func channels(r *rand.Rand) puzzle {
	c, w := 1+r.IntN(12), []int{1, 2, 2, 2, -2, -2, 4, -4}[r.IntN(8)]
	noise := 1 + r.IntN(4)
	if w != 1 {
		noise = 1 << (1 + r.IntN(7))
	}
	head := header(r)
	b := slices.Clone(head)
	x, period := make([]float64, c), make([]float64, c)
	for k := range period {
		period[k] = 20 + 300*r.Float64()
	}
	swing := r.IntN(2) == 0
	for i := range 30_000 + r.IntN(40_000) {
		k := i % c
		x[k] += float64(r.IntN(2*noise+1) - noise)
		v := x[k]
		if swing {
			x[k] *= 0.9
			v += float64(20*noise) * math.Sin(float64(i/c)/period[k]*2*math.Pi)
		}
		b = appendNumber(b, w, int64(v))
	}
	p := puzzle{name: fmt.Sprintf("%d channels of %d bytes, noise %d, after %d bytes", c, w, noise, len(head)), data: b}
	size := max(w, -w)
	for _, list := range []string{fmt.Sprintf("[%d, 1]", c), fmt.Sprintf("[%d, 2, %d, -1]", c, 2*c)} {
		for _, columns := range []int{size, size * c, 1} {
			p.truth = append(p.truth, afterHeader(len(head), func(a *planText) string {
				s := a.add("transpose(%s, 1, %d)", a.payload(), columns)
				return a.add("predict(%s, %d, 0, %s)", a.add("zigzag(%s, %d)", s, w), w, list)
			}))
		}
	}
	return p
}

// picture is an image of smooth surfaces.
func picture(r *rand.Rand) puzzle {
	width, w := 80+r.IntN(500), []int{1, 2, -2}[r.IntN(3)]
	height := min(80_000/width, 40+r.IntN(400))
	head := header(r)
	b := slices.Clone(head)
	noise := 1 + r.IntN(3)
	if w != 1 {
		noise = 1 + r.IntN(20)
	}
	fx, fy, scale := 20+80*r.Float64(), 20+80*r.Float64(), float64(100*w*w)
	if w == 1 {
		scale = 60
	}
	for y := range height {
		for x := range width {
			v := scale*(1+math.Sin(float64(x)/fx)*math.Cos(float64(y)/fy)) + float64(r.IntN(noise+1))
			b = appendNumber(b, w, int64(v))
		}
	}
	p := puzzle{name: fmt.Sprintf("an image of %d x %d pixels of %d bytes, noise %d, after %d bytes", width, height, w, noise, len(head)), data: b}
	size := max(w, -w)
	for _, f := range []string{"median(%s, %d, 1, %d)", "paeth(%s, %d, 1, %d)"} {
		for _, zig := range []bool{true, false} {
			p.truth = append(p.truth, afterHeader(len(head), func(a *planText) string {
				s := a.add("transpose(%s, 1, %d)", a.payload(), size)
				if zig {
					s = a.add("zigzag(%s, %d)", s, w)
				}
				return a.add(f, s, w, width)
			}))
		}
	}
	return p
}

// packedSamples is samples of 10, 12 or 14 bits of one or two channels.
func packedSamples(r *rand.Rand) puzzle {
	c, bits, order := 1+r.IntN(2), 10+2*r.IntN(3), r.IntN(2)
	if bits == 12 {
		order = r.IntN(3)
	}
	noise := 1 + r.IntN(40)
	head := header(r)
	x := make([]int, c)
	var samples []int
	for i := range 40_320 { // whole groups
		k := i % c
		x[k] = min(max(x[k]+r.IntN(2*noise+1)-noise, -1<<(bits-1)), 1<<(bits-1)-1)
		samples = append(samples, x[k]&(1<<bits-1))
	}
	body := make([]byte, len(samples)*bits/8)
	for i, x := range samples {
		for j := range bits {
			at := i*bits + j
			switch order {
			case plan.PackHigh:
				at = i*bits + bits - 1 - j
				at ^= 7
			case plan.Pack212:
				at = i/2*24 + [2][12]int{{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, {16, 17, 18, 19, 20, 21, 22, 23, 12, 13, 14, 15}}[i%2][j]
			}
			body[at/8] |= byte(x>>j&1) << (at % 8)
		}
	}
	p := puzzle{name: fmt.Sprintf("%d channels of %d bits, order %d, noise %d, after %d bytes", c, bits, order, noise, len(head)), data: append(slices.Clone(head), body...)}
	for _, columns := range []int{2, 2 * c} {
		p.truth = append(p.truth, afterHeader(len(head), func(a *planText) string {
			s := a.add("zigzag(%s, 2)", a.add("transpose(%s, 1, %d)", a.payload(), columns))
			return a.add("pack(%s, %d, %d)", a.add("predict(%s, 2, 0, [%d, 1])", s, c), -bits, order)
		}))
	}
	return p
}

// mixture is text, samples, an image or a table, one after the other.
func mixture(r *rand.Rand) puzzle {
	all := puzzle{name: "sections:"}
	last := -1
	for range 2 + r.IntN(2) {
		k := r.IntN(4)
		if k == last {
			k = (k + 1) % 4
		}
		last = k
		p := puzzle{name: "text", data: prose(30_000 + r.IntN(60_000)), truth: []string{"sequence_1 = payload(0)\noutput = sequence_1"}}
		if k > 0 {
			p = []func(*rand.Rand) puzzle{channels, picture, table}[k-1](r)
		}
		all.name += " " + p.name + ";"
		all.data = append(all.data, p.data...)
		all.parts = append(all.parts, p)
	}
	return all
}
