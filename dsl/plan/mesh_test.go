package plan

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/big"
	"testing"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/internal/dsltest"
)

// distinctPlan is a plan of groups of w bytes by numbers of i bytes, of which so many bytes are new.
func distinctPlan(w, i, size int) *dsl.Program {
	return &dsl.Program{Nodes: []dsl.Node{
		{Op: dsl.Payload}, {Op: dsl.Payload, Nums: [3]int32{1}}, {Op: dsl.Between, Refs: [2]int{1}, Nums: [3]int32{0, int32(size)}},
		{Op: dsl.Distinct, Refs: [2]int{0, 2}, Nums: [3]int32{int32(w), int32(i)}},
	}, Out: 3}
}

// TestDistinct numbers groups and restores them.
func TestDistinct(t *testing.T) {
	s := newSampler(8)
	for _, w := range []int{1, 2, 5, 12, 255} {
		for i := 1; i <= 4; i++ {
			src := []byte{}
			seen := map[string]bool{}
			for range 300 {
				group := bytes.Repeat([]byte{byte(s.IntN(100))}, w)
				seen[string(group)] = true
				src = append(src, group...)
			}
			src = append(src, make([]byte, w-1)...)
			p := distinctPlan(w, i, w*len(seen))
			streams, err := new(Machine).Split(src, p)
			if err != nil {
				t.Fatal(err)
			}
			got := make([]byte, len(src))
			if err := new(Machine).Join(got, p, streams); err != nil || !bytes.Equal(got, src) {
				t.Fatalf("groups of %d by numbers of %d are not restored: %v", w, i, err)
			}
			if want := slowDistinct(streams[0], streams[1], w, i); !bytes.Equal(want, src) {
				t.Errorf("groups of %d by numbers of %d: the oracle makes others", w, i)
			}
			for _, at := range []int{0, 299 * i} { // more new ones, fewer, or one before the first
				bad := [][]byte{bytes.Clone(streams[0]), streams[1]}
				bad[0][at+i-1] ^= 0xF0
				if err := new(Machine).Join(got, p, bad); !errors.Is(err, dsl.ErrExecution) {
					t.Errorf("groups of %d by numbers of %d: number %x: %v", w, i, bad[0][at:at+i], err)
				}
			}
			for _, size := range []int{w*len(seen) - w, w*len(seen) + w} {
				if _, err := new(Machine).Split(src, distinctPlan(w, i, size)); !errors.Is(err, dsl.ErrExecution) {
					t.Errorf("%d bytes of new groups, want %d: %v", size, w*len(seen), err)
				}
			}
		}
	}
	for _, c := range [][3]int{{0, 1, 0}, {256, 1, 256}, {4, 0, 4}, {4, 5, 4}, {4, 1, 3}, {4, 1, 1004}, {-1, 1, 1}} {
		if _, err := NewLayout(distinctPlan(c[0], c[1], c[2]), 1000); !errors.Is(err, dsl.ErrExecution) {
			t.Errorf("groups of %d bytes by numbers of %d, %d bytes: %v", c[0], c[1], c[2], err)
		}
	}
	many := make([]byte, 1000)
	for i := range many[:500] {
		binary.LittleEndian.PutUint16(many[2*i:], uint16(i))
	}
	if _, err := new(Machine).Split(append(many, 0, 0), distinctPlan(2, 1, 1000)); !errors.Is(err, dsl.ErrExecution) {
		t.Errorf("a group 500 before the next one by a number of a byte: %v", err)
	}
}

// slowDistinct makes groups of w bytes by numbers of i bytes.
func slowDistinct(numbers, groups []byte, w, i int) (out []byte) {
	var all [][]byte
	for len(numbers) >= i+(w-1) { // the rest of the result is w - 1 bytes
		back := 0
		for j, c := range numbers[:i] {
			back += int(c) << (8 * j)
		}
		if back == 0 {
			all = append(all, groups[:w])
			groups, back = groups[w:], 1
		}
		out = append(out, all[len(all)-back]...)
		numbers = numbers[i:]
	}
	return append(out, numbers...)
}

// slowNormal is normalOf by package math/big.
func slowNormal(points []uint32) (normal [3]uint32) {
	var p [9]*big.Int
	most := 1
	for _, x := range points {
		if x>>23&255 == 255 {
			return normal
		}
		most = max(most, int(x>>23&255))
	}
	for k, x := range points {
		e, f := int(x>>23&255), int64(x&(1<<23-1))
		if e > 0 {
			f |= 1 << 23
		}
		if x>>31 != 0 {
			f = -f
		}
		p[k] = new(big.Int).Lsh(big.NewInt(f), 30)
		p[k].Rsh(p[k], uint(most-max(e, 1)))
	}
	side := func(a, b int) *big.Int { return new(big.Int).Sub(p[b], p[a]) }
	var c [3]*big.Int
	bits := 0
	for k := range 3 {
		i, j := (k+1)%3, (k+2)%3
		c[k] = new(big.Int).Mul(side(i, 3+i), side(j, 6+j))
		c[k].Sub(c[k], new(big.Int).Mul(side(j, 3+j), side(i, 6+i)))
		bits = max(bits, c[k].BitLen())
	}
	if bits == 0 {
		return normal
	}
	sum := new(big.Int)
	for k := range c {
		sign := c[k].Sign()
		c[k].Lsh(c[k].Abs(c[k]), 200)
		c[k].Rsh(c[k], uint(200+bits-62))
		sum.Add(sum, new(big.Int).Mul(c[k], c[k]))
		if sign < 0 {
			c[k].Neg(c[k])
		}
	}
	for k := range c {
		x, _ := new(big.Rat).SetFrac(c[k], new(big.Int).Sqrt(sum)).Float32()
		normal[k] = math.Float32bits(x)
	}
	return normal
}

// slowNormals makes the normals of facets of what s has.
func slowNormals(s []byte) []byte {
	out := bytes.Clone(s)
	flip := func(x uint32) uint32 {
		if x>>31 != 0 {
			return ^x | 1<<31
		}
		return x
	}
	for b := out; len(b) >= 50; b = b[50:] {
		var p [9]uint32
		for k := range p {
			p[k] = binary.LittleEndian.Uint32(b[12+4*k:])
		}
		for k, e := range slowNormal(p[:]) {
			d := int64(binary.LittleEndian.Uint32(b[4*k:]))
			if d%2 != 0 {
				d = -d - 1
			}
			binary.LittleEndian.PutUint32(b[4*k:], flip(uint32(int64(flip(e))+d/2)))
		}
	}
	return out
}

// facets returns facets of points that floats makes, with the normals that a program might write.
func facets(count int, floats func() float32) (b []byte) {
	for range count {
		var p [9]uint32
		for k := range p {
			p[k] = math.Float32bits(floats())
		}
		for _, x := range slowNormal(p[:]) {
			b = binary.LittleEndian.AppendUint32(b, x)
		}
		for _, x := range p {
			b = binary.LittleEndian.AppendUint32(b, x)
		}
		b = append(b, 0, 0)
	}
	return b
}

// TestNormals makes normals that follow from points 0, and restores all others.
func TestNormals(t *testing.T) {
	s := newSampler(9)
	p := chain(oneStream, 1, of(dsl.Node{Op: dsl.Normals}))
	for name, floats := range map[string]func() float32{
		"scattered": func() float32 { return float32(s.NormFloat64()) },
		"a grid":    func() float32 { return float32(s.IntN(4)) },
		"fine":      func() float32 { return 1000 + float32(s.IntN(100))/4096 },
		"any":       func() float32 { return math.Float32frombits(s.Uint32()) },
		"wide":      func() float32 { return float32(math.Exp(20 * s.NormFloat64())) },
		"tiny":      func() float32 { return math.Float32frombits(s.Uint32() & 0x80FFFFFF >> s.IntN(24)) },
	} {
		src := append(facets(2000, floats), make([]byte, 49)...)
		streams, err := new(Machine).Split(src, p)
		if err != nil {
			t.Fatal(err)
		}
		for at := 0; at+facetBytes <= len(src); at += facetBytes {
			if b := streams[0][at : at+facetPoint]; !bytes.Equal(b, make([]byte, facetPoint)) {
				t.Fatalf("%s: facet %x leaves %x", name, src[at:at+facetBytes], b)
			}
		}
		for range 1000 {
			src[s.IntN(len(src))] ^= 1 << s.IntN(8)
		}
		streams, _ = new(Machine).Split(src, p)
		got := make([]byte, len(src))
		if err := new(Machine).Join(got, p, streams); err != nil || !bytes.Equal(got, src) {
			t.Fatalf("%s is not restored: %v", name, err)
		}
	}
}

// BenchmarkHostileMesh joins facets of random points, and random groups.
func BenchmarkHostileMesh(b *testing.B) {
	s := newSampler(10)
	run := func(name string, p *dsl.Program, streams [][]byte) {
		b.Run(name, func(b *testing.B) {
			dst := make([]byte, 1<<20)
			l, err := NewLayout(p, len(dst))
			if err != nil {
				b.Fatal(err)
			}
			var m Machine
			start := dsltest.CPUTime()
			for b.Loop() {
				if err := m.Join(dst, p, streams); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(dsltest.CPUTime()-start)/float64(b.N)/float64(l.Steps), "ns/step")
		})
	}
	random := make([]byte, 1<<20)
	for i := range random {
		if random[i] = byte(s.Uint32()); i%4 == 3 { // finite
			random[i] &= 0xBF
		}
	}
	run("normals", chain(oneStream, 1, of(dsl.Node{Op: dsl.Normals})), [][]byte{random})
	for k := range encodings {
		run(fmt.Sprint("encoding ", k), chain(oneStream, 1, of(dsl.Node{Op: dsl.Converted, Nums: [3]int32{4, int32(k)}})), [][]byte{random})
	}
	run("wide digits", chain(oneStream, 1, of(dsl.Node{Op: dsl.Converted, Nums: [3]int32{-8, PlainDigits}})), [][]byte{random})
	run("digits of a byte", chain(oneStream, 1, of(dsl.Node{Op: dsl.Converted, Nums: [3]int32{1, SwappedDigits}})), [][]byte{random})
	for _, w := range []int{2, 12, 255} {
		const most = 1 << 18 // groups
		whole := (1 << 20) / w
		count := min(whole, most)
		numbers := make([]byte, 3*whole+(1<<20)%w)
		for k := count; k < whole; k++ {
			binary.LittleEndian.PutUint16(numbers[3*k:], uint16(1+s.IntN(min(count, 1<<16-1))))
		}
		run(fmt.Sprint("distinct ", w), distinctPlan(w, 3, w*count), [][]byte{numbers, random[:w*count]})
	}
}
