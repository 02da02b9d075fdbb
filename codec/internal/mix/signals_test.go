package mix

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
)

// A sampler draws parameters and signals.
type sampler struct{ *rand.Rand }

func newSampler(seed uint64) sampler { return sampler{rand.New(rand.NewPCG(seed, 22))} }

// chance is true once in n times.
func (r sampler) chance(n int) bool { return r.IntN(n) == 0 }

// samples draws parameters that Check accepts.
func (r sampler) samples() *Samples {
	for {
		p := &Samples{Width: 1 + r.IntN(4), BigEndian: r.chance(3), Kind: Kind(r.IntN(2)), Channels: 1, Decisions: MaxDecisions}
		switch r.IntN(8) {
		case 0:
			p.Kind, p.Width = Float, []int{2, 4, 8}[r.IntN(3)]
		case 1:
			p.Kind, p.Width = FloatIBM, 4
		case 2:
			p.Width, p.Packing = 0, PackedRun+Packing(r.IntN(2))
		}
		if p.isFloat() {
			p.Precision = 8 + r.IntN(17)
		}
		if r.chance(2) {
			p.Channels = 1 + r.IntN([]int{4, 20, 256}[r.IntN(3)])
		}
		if r.chance(2) {
			p.Row = p.Channels * (2 + r.IntN(100))
		}
		if r.chance(2) {
			p.OLS = OLS{Own: r.IntN(maxOwn + 1), Fade: 2 + r.IntN(11), Every: 1 << r.IntN(9)}
			if r.chance(2) {
				p.OLS.Other = r.IntN(maxOther + 1)
			}
			if p.Row > 0 {
				p.OLS.Rings = r.IntN(maxRings + 1)
			}
		}
		for range r.IntN(maxFilters + 1) {
			p.NLMS = append(p.NLMS, NLMS{tapVector * (1 + r.IntN([]int{4, 128}[r.IntN(2)])), 4 + r.IntN(12)})
		}
		if r.chance(2) {
			p.Contexts, p.Values = uint(r.IntN(1<<contexts)), uint(r.IntN(1<<values))
			if r.chance(2) {
				p.Values = 0
			}
		}
		if p.Check() == nil {
			return p
		}
	}
}

// A signal is the numbers of a test, by their place.
type signal struct {
	name string
	at   func(r sampler, i int) float64 // -1 to 1
}

var signals = []signal{
	{"zeros", func(sampler, int) float64 { return 0 }},
	{"constant", func(sampler, int) float64 { return 0.7 }},
	{"noise", func(r sampler, _ int) float64 { return r.Float64()*2 - 1 }},
	{"quiet", func(r sampler, _ int) float64 { return r.NormFloat64() / 100 }},
	{"sine", func(_ sampler, i int) float64 { return math.Sin(float64(i) / 9) }},
	{"speech", func(r sampler, i int) float64 {
		return math.Sin(float64(i)/9) * math.Sin(float64(i)/70) * math.Sin(float64(i)/900) * (0.8 + r.NormFloat64()/50)
	}},
	{"ramp", func(_ sampler, i int) float64 { return float64(i%1000)/500 - 1 }},
	{"extremes", func(r sampler, _ int) float64 { return float64(r.IntN(2)*2 - 1) }},
	{"channels", func(_ sampler, i int) float64 {
		frame := float64(i / 3)
		return float64(1+i%3) / 3 * (math.Sin(frame/20) + math.Sin(frame*frame)/10) / 1.1
	}},
	{"steps", func(r sampler, i int) float64 { return math.Round(8*math.Sin(float64(i)/50)) / 8 }},
	{"rare", func(r sampler, _ int) float64 { return float64(r.IntN(500)/499) * r.Float64() }},
	{"image", func(r sampler, i int) float64 {
		return math.Sin(float64(i%64)/10)*math.Cos(float64(i/64)/10)/2 + r.NormFloat64()/100
	}},
}

// bytes returns size bytes of the signal as samples of p, and what is no whole sample.
func (s *signal) bytes(r sampler, p *Samples, size int) []byte {
	b := make([]byte, size)
	n := p.countOf(size)
	list := make([]int64, n)
	least, most := p.limits()
	for i := range list {
		v := s.at(r, i)
		switch {
		case p.Kind == Float && p.Width == 8:
			list[i] = int64(math.Float64bits(v * 1000))
		case p.Kind == Float && p.Width == 4:
			list[i] = int64(int32(math.Float32bits(float32(v * 1000))))
		case p.isFloat():
			list[i] = int64(v * 0x7fff)
		default:
			list[i] = min(max(int64((v+1)/2*float64(most-least))+least, least), most)
		}
	}
	p.store(b[:p.bytesOf(n)], list)
	for i := p.bytesOf(n); i < size; i++ {
		b[i] = byte(r.Uint32())
	}
	return b
}

// random returns size bytes of no structure.
func (r sampler) random(size int) []byte {
	b := make([]byte, size+8)
	for i := 0; i < size; i += 8 {
		binary.LittleEndian.PutUint64(b[i:], r.Uint64())
	}
	return b[:size]
}
