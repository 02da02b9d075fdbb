package model

import (
	"math"
	"sync"
)

// normEpsilon is added to a variance: PyTorch's default, which the training uses.
const normEpsilon = 1e-5

// norm sets the rows (…, c) of y to those of x, shifted and scaled to mean 0 and variance 1,
// times gain plus bias.
func norm(y, x []float32, c int, gain, bias []float32) {
	for i := 0; i < len(x); i += c {
		row, out := x[i:i+c], y[i:i+c]
		mean, variance := float32(0), float32(0)
		for _, v := range row {
			mean += v
		}
		mean /= float32(c)
		for _, v := range row {
			variance += (v - mean) * (v - mean)
		}
		scale := float32(1 / math.Sqrt(float64(variance/float32(c))+normEpsilon))
		for k, v := range row {
			out[k] = (v-mean)*scale*gain[k] + bias[k]
		}
	}
}

// add adds y to x.
func add(x, y []float32) {
	x = x[:len(y)]
	for i, v := range y {
		x[i] += v
	}
}

// exponential returns exp(x) for x <= 0, with a relative error below 1e-5.
func exponential(x float32) float32 {
	t := max(x*math.Log2E, -126)
	n := int32(t) // rounded up, since t <= 0
	f := t - float32(n)
	// 2^f for -1 < f <= 0: the series of e to the f ln 2.
	f *= math.Ln2
	p := 1 + f*(1+f*(0.5+f*(1.0/6+f*(1.0/24+f*(1.0/120+f*(1.0/720+f*(1.0/5040)))))))
	return p * math.Float32frombits(uint32(n+127)<<23)
}

// gelu sets each x to x * Phi(x), the distribution function of the normal distribution, with
// an error below 1e-5: it interpolates in a table.
func gelu(x []float32) {
	table := geluTable()
	for i, v := range x {
		t := (v + geluRange) * geluDensity
		if t < 0 {
			x[i] = 0
		} else if k := int(t); k < len(table)-1 {
			a := table[k]
			x[i] = a + (table[k+1]-a)*(t-float32(k))
		}
	}
}

// The table of gelu. Beyond the range, x * Phi(x) is 0 or x to 1e-8. The second derivative is
// at most 0.8, so that an interpolation is off by at most 0.8 / (8 * 256^2) = 1.5e-6.
const (
	geluRange   = 6   // the table is for -geluRange to geluRange
	geluDensity = 256 // numbers per unit
)

var geluTable = sync.OnceValue(func() *[2*geluRange*geluDensity + 1]float32 {
	var t [2*geluRange*geluDensity + 1]float32
	for k := range t {
		v := float64(k)/geluDensity - geluRange
		t[k] = float32(v * (1 + math.Erf(v/math.Sqrt2)) / 2)
	}
	return &t
})
