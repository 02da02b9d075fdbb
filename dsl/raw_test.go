package dsl

import (
	"math/rand/v2"
	"testing"
)

// TestRaw compares Raw with Next, on sections with few programs, whole and changed.
func TestRaw(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	p := &Program{Nodes: []Node{{Op: RepeatNum, Nums: [3]int32{5, 6}}}}
	for range 300 {
		e := NewEncoder(Edition2)
		e.Plan(Identity())
		n, programs := 1+r.IntN(400), r.IntN(5)
		for range n {
			if r.IntN(8) < programs {
				e.Program(p)
			} else {
				e.Raw()
			}
		}
		section := e.Finish()
		for range 3 { // whole, and changed
			one, two := NewDecoder(section, Edition2), NewDecoder(section, Edition2)
			_, err1 := one.Plan()
			_, err2 := two.Plan()
			for at := 0; at < n && err1 == nil && err2 == nil; {
				k := two.Raw(n - at)
				for range k {
					q, err := one.Next(literals(100), 0)
					if q != nil || err != nil {
						t.Fatal(q, err)
					}
				}
				if at += k; at == n {
					break
				}
				var q, q2 *Program
				q, err1 = one.Next(literals(100), 0)
				q2, err2 = two.Next(literals(100), 0)
				if (q == nil) != (q2 == nil) || err1 == nil && q == nil || q != nil && q.String() != q2.String() {
					t.Fatal(q, q2, err1, err2)
				}
				at++
			}
			if err1, err2 = one.Close(), two.Close(); (err1 == nil) != (err2 == nil) {
				t.Fatal(err1, err2)
			}
			section = append([]byte(nil), section...)
			section[r.IntN(len(section))] ^= byte(1 + r.IntN(255))
		}
	}
}

// BenchmarkRaw reads the flags of raw blocks as Raw does and one by one.
func BenchmarkRaw(b *testing.B) {
	const blocks = 1 << 16
	e := NewEncoder(Edition2)
	e.Plan(Identity())
	for range blocks {
		e.Raw()
	}
	section := e.Finish()
	for _, c := range []struct {
		name string
		skip func(d *Decoder) int
	}{
		{"Raw", func(d *Decoder) int { return d.Raw(blocks) }},
		{"Next", func(d *Decoder) (n int) {
			for ; n < blocks; n++ {
				if p, err := d.Next(Budget{}, 0); p != nil || err != nil {
					break
				}
			}
			return n
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			d := NewDecoder(nil, Edition2)
			for b.Loop() {
				d.Reset(section, Edition2)
				d.Plan()
				if n := c.skip(d); n != blocks {
					b.Fatalf("%d of %d raw blocks", n, blocks)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/blocks, "ns/flag")
		})
	}
}
