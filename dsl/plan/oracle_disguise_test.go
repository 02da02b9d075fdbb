package plan

import (
	"math"
	"math/big"
)

// nearest returns the bits of the floating-point number of width bytes nearest to i × p / q.
func nearest(width int, i int64, p, q int32) uint64 {
	r := new(big.Rat).Mul(big.NewRat(int64(p), int64(q)), new(big.Rat).SetInt64(i))
	if width == 4 {
		x, _ := r.Float32()
		return uint64(math.Float32bits(x))
	}
	x, _ := r.Float64()
	return math.Float64bits(x)
}

// swapped returns what the number x of width bytes is exchanged with.
func swapped(width int, x uint64, p, q int32) uint64 {
	mask := ^uint64(0) >> (64 - 8*width)
	most, value := int64(1)<<23, float64(math.Float32frombits(uint32(x)))
	if width == 8 {
		most, value = 1<<52, math.Float64frombits(x)
	}
	small := func(i int64) bool { return -most <= i && i <= most }
	if i := int64(x<<(64-8*width)) >> (64 - 8*width); small(i) {
		return nearest(width, i, p, q)
	}
	if math.IsInf(value, 0) || math.IsNaN(value) {
		return x
	}
	r := new(big.Rat).SetFloat64(value)
	r.Mul(r, big.NewRat(2*int64(q), int64(p))).Add(r, big.NewRat(1, 1)) // floor(r / 2) is the nearest integer
	i := new(big.Int).Div(r.Num(), new(big.Int).Mul(r.Denom(), big.NewInt(2)))
	if i.IsInt64() && small(i.Int64()) && nearest(width, i.Int64(), p, q) == x {
		return uint64(i.Int64()) & mask
	}
	return x
}

// multipleFor returns the number of w bytes for y: r more than y × p if there is one; otherwise, as many
// places after the highest such y as y is, counted around, the numbers that are no r more than a multiple
// are lined up in ascending order.
func multipleFor(w int, p, r int32, y uint64) uint64 {
	all := new(big.Int).Lsh(big.NewInt(1), uint(8*w))
	lowest, multiple := new(big.Int), big.NewInt(int64(max(p, -p)))
	if p < 0 {
		lowest.Rsh(all, 1).Neg(lowest)
	}
	rest := big.NewInt(int64(r))
	inDisguise := func(end *big.Int) *big.Int { // how many numbers below end are
		below := func(x *big.Int) *big.Int { // quotients of numbers up to x - 1
			x = new(big.Int).Sub(x, rest)
			return x.Div(x.Sub(x, big.NewInt(1)), multiple)
		}
		return new(big.Int).Sub(below(end), below(lowest))
	}
	number := new(big.Int).SetUint64(y)
	if p < 0 {
		number.SetInt64(int64(y<<(64-8*w)) >> (64 - 8*w))
	}
	end := new(big.Int).Add(lowest, all)
	x := new(big.Int).Mul(number, multiple)
	if x.Add(x, rest); x.Cmp(lowest) < 0 || x.Cmp(end) >= 0 {
		highest := new(big.Int).Sub(end, rest)
		highest.Div(highest.Sub(highest, big.NewInt(1)), multiple)
		place := new(big.Int).Sub(number, highest)
		place.Mod(place.Sub(place, big.NewInt(1)), all)
		from := new(big.Int).Set(lowest)
		for size := all; size.Sign() > 0; { // the highest number that place others are below
			at := new(big.Int).Add(from, size)
			others := new(big.Int).Sub(new(big.Int).Sub(at, lowest), inDisguise(at))
			if at.Cmp(end) < 0 && others.Cmp(place) <= 0 {
				from = at
			}
			size = new(big.Int).Rsh(size, 1)
		}
		x = from
	}
	return x.Mod(x, all).Uint64()
}
