package metrics

import "github.com/ktzip/ktzip/dsl"

// statedBits is what a number takes that the uniform prior does not have: any integer of the
// language can be stated in as many bits.
const statedBits = 32

// A domain is the numbers that the uniform prior has for a parameter, and their price in bits.
type domain struct {
	from, to int64
	bits     float64
	relative bool // to the number before it
}

// longest is the most elements of a sequence that is searched for.
const longest = 1024

// The domains. They are those of the search for programs, which finds no others: so its programs and
// those of others are measured alike. The prior has 256 ends and the repetitions 5 to 25 of a number.
// Those of longer sequences are at the same price here, too: it misses a few bits of a line.
var (
	byteValue = domain{from: 0, to: 255, bits: 8}
	modulus   = domain{from: 1, to: 256, bits: 8}
	end       = domain{from: 0, to: longest, bits: 8, relative: true}
	small     = domain{from: 2, to: 9, bits: 3}
	times     = domain{from: 1, to: longest, bits: dsl.Log2(20)}
)

// domains are those of the numbers of each operation, in their order. The elements of a literal are
// byteValues.
var domains = map[dsl.Op][]domain{
	dsl.RangeUp: {byteValue, end}, dsl.RangeInterval: {byteValue, end, small}, dsl.RepeatNum: {times, byteValue},
	dsl.RepeatList: {small}, dsl.Substitute: {byteValue, byteValue}, dsl.Jumps: {small}, dsl.Between: {byteValue, end},
	dsl.MaxN: {byteValue}, dsl.MinN: {byteValue},
	dsl.AddItem: {byteValue}, dsl.SubtractItem: {byteValue}, dsl.ModuloItem: {modulus},
}

// more returns the bits that v takes beyond the price of the domain. before is the number before v.
func (d *domain) more(v, before int64) float64 {
	if d.relative {
		v -= before
	}
	if d.from <= v && v <= d.to {
		return 0
	}
	return statedBits - d.bits
}

// Bits returns the cost of p under the uniform prior, in which a number that the prior does not have
// costs 32 bits. The published cost takes any number at the same price, which is no code: literals of
// large numbers, and their remainders, would state every sequence at a fraction of its bits.
func Bits(p *dsl.Program) float64 {
	bits := p.UniformBits()
	for i := range p.Nodes {
		n := &p.Nodes[i]
		for _, v := range n.List {
			bits += byteValue.more(int64(v), 0)
		}
		before := int64(0)
		for k := range domains[n.Op] {
			v := int64(n.Nums[k])
			bits += domains[n.Op][k].more(v, before)
			before = v
		}
	}
	return bits
}
