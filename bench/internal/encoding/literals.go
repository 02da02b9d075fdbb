package encoding

import "math"

// A Literals prices the elements of literals, without their length. It learns as it goes: the
// sum of its prices is what a file of these literals takes.
type Literals interface {
	// Price returns what the elements take, and learns from them.
	Price(list []int32) float64
}

// bytesOf is how many values an element may have.
const bytesOf = 256

// beyond is what an element takes that is no byte, after an escape that costs nothing: few
// are, and none of the generator's.
const beyond = 32

// Fixed prices each element at so many bits.
type Fixed float64

// Price implements Literals.
func (f Fixed) Price(list []int32) float64 { return float64(f) * float64(len(list)) }

// counts are how often each value was seen.
type counts struct {
	seen [bytesOf]float64
	sum  float64
}

// price returns what v takes, and counts it.
func (c *counts) price(v int32) float64 {
	if v&^(bytesOf-1) != 0 {
		return beyond
	}
	b := math.Log2((c.sum + unseen*bytesOf) / (c.seen[v] + unseen))
	c.seen[v]++
	c.sum++
	return b
}

// Frequency prices elements by how often they occurred. The zero value has seen none.
type Frequency struct{ counts }

// Price implements Literals.
func (f *Frequency) Price(list []int32) (bits float64) {
	for _, v := range list {
		bits += f.price(v)
	}
	return bits
}

// Delta prices elements by how often their differences to the element before occurred, modulo
// 256; the first one at 8 bits. The zero value has seen none.
type Delta struct{ counts }

// Price implements Literals.
func (d *Delta) Price(list []int32) (bits float64) {
	for i, v := range list {
		switch {
		case v&^(bytesOf-1) != 0:
			bits += beyond
		case i == 0:
			bits += valueBits
		default:
			bits += d.price((v - list[i-1]) & (bytesOf - 1))
		}
	}
	return bits
}

// Distinct prices elements by whether they occurred before in the same literal: then they are
// one of the values that did, else one of those that did not. The zero value has seen none.
type Distinct struct{ again, fresh float64 }

// Price implements Literals.
func (d *Distinct) Price(list []int32) (bits float64) {
	before := map[int32]bool{}
	for _, v := range list {
		if v&^(bytesOf-1) != 0 {
			bits += beyond
			continue
		}
		sum := d.again + d.fresh + 2*unseen
		switch n := float64(len(before)); {
		case before[v]:
			bits += math.Log2(sum/(d.again+unseen)) + math.Log2(n)
			d.again++
		case n == 0:
			bits += valueBits
		default:
			bits += math.Log2(sum/(d.fresh+unseen)) + math.Log2(bytesOf-n)
			d.fresh++
		}
		before[v] = true
	}
	return bits
}
