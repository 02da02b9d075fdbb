package plans

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
)

// smooth returns a field of surfaces: a function of three coordinates from -1 to 1.
func smooth(r *rand.Rand) func(x, y, z int) float64 {
	type wave struct{ fx, fy, fz, phase float64 }
	var waves []wave
	for range 4 {
		waves = append(waves, wave{0.4 * r.Float64(), 0.4 * r.Float64(), 2 * r.Float64(), 6 * r.Float64()})
	}
	return func(x, y, z int) float64 {
		v := 0.0
		for _, w := range waves {
			v += math.Sin(float64(x)*w.fx+float64(y)*w.fy+float64(z)*w.fz+w.phase) / 4
		}
		return v
	}
}

// scaleOf returns an amplitude for elements of w bytes, and their mean.
func scaleOf(r *rand.Rand, w int) (scale, mean float64) {
	if w == 1 {
		return 60, 128
	}
	return 200 + 2000*r.Float64(), 2500
}

// volumes are the same volume at several times, with noise and a drift.
func volumes(r *rand.Rand) puzzle {
	width, height, slices_ := 24+r.IntN(60), 24+r.IntN(60), 4+r.IntN(12)
	w := []int{1, 2, 2, -2, 4}[r.IntN(5)]
	size := width * height * slices_
	times := max(3, 80_000/(size*max(w, -w)))
	head := header(r)
	gap := []int{0, 0, r.IntN(40)}[r.IntN(3)] // a head before each volume
	b := slices.Clone(head)
	field := smooth(r)
	fine := make([]float64, size) // what rows do not tell
	scale, mean := scaleOf(r, w)
	texture := scale * (0.1 + 0.3*r.Float64())
	for i := range fine {
		fine[i] = texture * (2*r.Float64() - 1)
	}
	noise, drift := 1+r.IntN(3), r.IntN(2)
	for k := range times {
		for range gap {
			b = appendNumber(b, w, int64(k))
		}
		i := 0
		for z := range slices_ {
			for y := range height {
				for x := range width {
					v := mean + 0.5*scale*field(x, y, z) + 0.5*fine[i] + float64(drift*k) + float64(r.IntN(2*noise+1)-noise)
					b = appendNumber(b, w, int64(v))
					i++
				}
			}
		}
	}
	p := puzzle{name: fmt.Sprintf("%d volumes of %d x %d x %d of %d bytes, noise %d, after %d bytes", times, width, height, slices_, w, noise, len(head)), data: b}
	for _, columns := range []int{max(w, -w), 1} {
		p.truth = append(p.truth, afterHeader(len(head), func(a *planText) string {
			s := a.add("zigzag(%s, %d)", a.add("transpose(%s, 1, %d)", a.payload(), columns), w)
			return a.add("predict(%s, %d, 0, [%d, 1])", s, w, size+gap)
		}))
	}
	return p
}

// colours is an image of 3 or 4 channels, side by side or plane by plane.
func colours(r *rand.Rand) puzzle {
	width, c := 60+r.IntN(200), 3+r.IntN(2)
	w := []int{1, 1, 2, -2}[r.IntN(4)]
	height := max(40, 80_000/(width*c*max(w, -w)))
	planar := r.IntN(2) == 0
	head := header(r)
	scale, mean := scaleOf(r, w)
	noise := 1 + r.IntN(4)
	var planes [][]int64
	light := make([]float64, width*height)
	field, grain := smooth(r), scale*(0.1+0.2*r.Float64())
	for i := range light {
		light[i] = 0.5*scale*field(i%width, i/width, 0) + grain*(2*r.Float64()-1)
	}
	for range c {
		plane := make([]int64, width*height)
		tint := smooth(r)
		for i := range plane {
			plane[i] = int64(mean + light[i] + 0.1*scale*tint(i%width/8, i/width/8, 0) + float64(r.IntN(noise+1)))
		}
		planes = append(planes, plane)
	}
	b := slices.Clone(head)
	n := width * height
	for i := range n * c {
		if planar {
			b = appendNumber(b, w, planes[i/n][i%n])
		} else {
			b = appendNumber(b, w, planes[i%c][i/c])
		}
	}
	p := puzzle{name: fmt.Sprintf("an image of %d x %d pixels of %d channels of %d bytes, planar %t, noise %d, after %d bytes", width, height, c, w, planar, noise, len(head)), data: b}
	p.truth = append(p.truth, afterHeader(len(head), func(a *planText) string {
		s := a.add("zigzag(%s, %d)", a.add("transpose(%s, 1, %d)", a.payload(), max(w, -w)), w)
		s = a.add("median(%s, %d, 1, %d)", s, w, width)
		s = a.add("predict(%s, %d, 0, [%d, 1])", s, w, n)
		if !planar {
			s = a.add("transpose(%s, %d, %d)", s, max(w, -w), c)
		}
		return s
	}))
	return p
}

// signals are channels of one source with gains of their own: stereo, or three axes.
func signals(r *rand.Rand) puzzle {
	c, w := 2+r.IntN(2), []int{2, 2, -2, 4}[r.IntN(4)]
	head := header(r)
	frames := 80_000 / (c * max(w, -w))
	radius, angle := 0.9+0.09*r.Float64(), 0.05+0.8*r.Float64()
	a1, a2 := int64(math.Round(4096*2*radius*math.Cos(angle))), int64(math.Round(-4096*radius*radius))
	loud := 20 + 200*r.Float64()
	own := 1 + r.IntN(8) // noise of each channel
	gains := make([]int64, c)
	for k := range gains {
		gains[k] = int64(1000 + r.IntN(5000))
	}
	b := slices.Clone(head)
	var x, y int64
	for range frames {
		x, y = (a1*x+a2*y)>>12+int64(loud*r.NormFloat64()), x
		v := x
		for k := range c {
			if k > 0 {
				v = x*gains[k]>>12 + int64(r.IntN(2*own+1)-own)
			}
			b = appendNumber(b, w, v)
		}
	}
	p := puzzle{name: fmt.Sprintf("%d signals of one source, of %d bytes, noise %d, after %d bytes", c, w, own, len(head)), data: b}
	p.truth = append(p.truth, afterHeader(len(head), func(a *planText) string {
		size := max(w, -w)
		var parts []string
		for k := range c {
			s := a.add("zigzag(%s, %d)", a.add("transpose(%s, 1, %d)", a.payload(), size), w)
			if k == 0 {
				s = a.add("predict(%s, %d, 12, [1, %d, 2, %d])", s, w, a1, a2)
			}
			if k < c-1 {
				s = a.add("get_subsequence_between_indices(%s, 0, %d)", s, frames*size)
			}
			parts = append(parts, s)
		}
		all := parts[c-1]
		for k := c - 2; k >= 0; k-- {
			all = a.add("concatenate(%s, %s)", parts[k], all)
		}
		list := []string{"0"}
		for k := 1; k < c; k++ {
			list = append(list, fmt.Sprintf("1, %d, %d", k, gains[k]))
		}
		return a.add("mix(%s, %d, 12, [%s])", a.add("transpose(%s, %d, %d)", all, size, c), w, strings.Join(list, ", "))
	}))
	return p
}

// hours are readings with a day's and a week's period, of a few sensors.
func hours(r *rand.Rand) puzzle {
	w, c := []int{2, 2, -2, 4}[r.IntN(4)], 1+r.IntN(3)
	day := []int{24, 48, 96, 144, 288, 1440}[r.IntN(6)]
	head := header(r)
	b := slices.Clone(head)
	scale := 200 + 1000*r.Float64()
	weekly := r.IntN(2) == 0
	period := day
	if weekly {
		period *= 7
	}
	profile := make([]float64, period*c)
	for i := range profile {
		profile[i] = scale * r.Float64()
	}
	noise := 1 + r.IntN(8)
	state := make([]float64, c)
	for i := range max(60_000/(c*max(w, -w)), 6*period) {
		for k := range c {
			state[k] = 0.95*state[k] + float64(r.IntN(2*noise+1)-noise)
			b = appendNumber(b, w, int64(1000+profile[i%period*c+k]+state[k]))
		}
	}
	p := puzzle{name: fmt.Sprintf("hours of %d sensors of %d bytes, %d a day, weekly %t, noise %d, after %d bytes", c, w, day, weekly, noise, len(head)), data: b}
	for _, list := range []string{fmt.Sprintf("[%d, 1]", period*c), fmt.Sprintf("[%d, 1, %d, 1, %d, -1]", c, period*c, (period+1)*c)} {
		p.truth = append(p.truth, afterHeader(len(head), func(a *planText) string {
			s := a.add("zigzag(%s, %d)", a.add("transpose(%s, 1, %d)", a.payload(), max(w, -w)), w)
			return a.add("predict(%s, %d, 0, %s)", s, w, list)
		}))
	}
	return p
}
