package disguise

import (
	"math/bits"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
)

// A Disguise is an operation that makes a segment's elements, after Lead bytes, of the numbers behind them.
type Disguise struct {
	Lead  int
	Node  dsl.Node
	Table int // bytes of the second list of a Lookup
}

// Elements of a segment that are looked at, from several places in a row each: a header is in none, a
// gap does not tell. Arbitrary.
const places, perPlace = 16, 16

// Percentages of what is looked at. Arbitrary.
const (
	minHits    = 90 // numbers that are in disguise
	minNonzero = 25 // numbers that are not 0, which is in every disguise
	covered    = 99 // numbers of those in disguise that a factor is right for
)

// sampled returns elements of type w of b after lead bytes, from several places.
func sampled(b []byte, lead, w int) (x []uint64) {
	size := max(w, -w)
	b = b[min(lead, len(b)):]
	count := len(b) / size
	for k := range places {
		first := max(count-perPlace, 0) * (2*k + 1) / (2 * places)
		for i := first; i < min(first+perPlace, count); i++ {
			x = append(x, plan.Number(b[i*size:], w))
		}
	}
	return x
}

// Find returns what the elements of b are in disguise as; ok is false if nothing speaks for one.
func Find(b []byte) (d Disguise, ok bool) {
	for _, find := range [...]func([]byte) (Disguise, bool){ibmFloats, scaled, gains, multiples, fewValues} {
		if d, ok = find(b); ok {
			break
		}
	}
	return d, ok
}

// minScaleSaving is what integers must save of a significand, in bits of a byte: random numbers
// are decimals now and then if these have nearly as many digits as a significand. Arbitrary.
const minScaleSaving = 0.75

// scaled returns the scale of floating-point numbers by which most saves.
func scaled(b []byte) (d Disguise, ok bool) {
	best := minScaleSaving
	for _, w := range [...]int{4, -4, 8, -8} {
		size := max(w, -w)
		for lead := range size {
			x := sampled(b, lead, w)
			if len(x) < perPlace {
				continue
			}
			if f, saving := factorOf(x, size); saving/float64(size) > best {
				best, ok = saving/float64(size), true
				d = Disguise{Lead: lead, Node: dsl.Node{Op: dsl.Scaled, Nums: [3]int32{int32(w), 1, f}}}
			}
		}
	}
	return d, ok
}

// Decimals returns how many digits after the point the floating-point numbers x of size bytes have,
// at most plan.MaxDecimals; ok is false if they have more.
func Decimals(x []uint64, size int) (digits int, ok bool) {
	digits, saving := families[0].fit(x, size)
	return digits, saving > minScaleSaving*float64(size)
}

// factorOf returns the q by which integers i / q save most of the significands of x, and how many bits
// of a number; none if they save nothing.
func factorOf(x []uint64, size int) (q int32, saving float64) {
	for _, f := range families {
		if k, s := f.fit(x, size); s > saving {
			q, saving = f.factors[k], s
		}
	}
	return q, saving
}

// A family is factors of which each is a multiple of those before it.
type family struct {
	factors []int32
	scales  map[int][]plan.Scale // by the size of numbers
}

// families are those of decimals and of fixed-point numbers.
var families = func() [2]*family {
	tens, twos := &family{}, &family{}
	for f := int32(1); len(tens.factors) <= plan.MaxDecimals; f *= 10 {
		tens.factors = append(tens.factors, f)
	}
	for k := range 31 {
		twos.factors = append(twos.factors, 1<<k)
	}
	for _, f := range []*family{tens, twos} {
		f.scales = map[int][]plan.Scale{}
		for _, size := range []int{4, 8} {
			for _, q := range f.factors {
				s, err := plan.NewScale(size, 1, q)
				if err != nil {
					panic(err) // the factors are valid
				}
				f.scales[size] = append(f.scales[size], s)
			}
		}
	}
	return [2]*family{tens, twos}
}()

// fit returns the least factor that is right for nearly all of x that any factor is right for, and the
// bits that it saves of a significand, on average; 0 if too few of x are in disguise.
func (f *family) fit(x []uint64, size int) (k int, saving float64) {
	scales := f.scales[size]
	hits := make([]int, len(scales)+1) // by the first factor that is right
	nonzero, different := 0, 0
	for i, v := range x {
		if v == 0 {
			continue
		}
		nonzero++
		if i > 0 && v != x[i-1] {
			different++
		}
		hits[first(scales, v)]++
		if misses := hits[len(scales)]; misses*100 > len(x)*(100-minHits) {
			return 0, 0
		}
	}
	all := nonzero - hits[len(scales)]
	if all*100 < nonzero*minHits || nonzero*100 < len(x)*minNonzero || different*100 < len(x)*minNonzero/2 {
		return 0, 0
	}
	for sum := hits[0]; sum*100 < all*covered; sum += hits[k] {
		k++
	}
	significand := map[int]int{4: 24, 8: 53}[size]
	bitSum := 0
	for _, v := range x {
		if i, ok := magnitude(&scales[k], v, size); ok && v != 0 {
			bitSum += significand - bits.Len64(i)
		}
	}
	return k, float64(bitSum) / float64(len(x))
}

// magnitude returns the absolute value of the integer that v, of size bytes, stands for; ok is false if
// there is none.
func magnitude(s *plan.Scale, v uint64, size int) (uint64, bool) {
	i, ok := s.Integer(v)
	signed := int64(i<<(64-8*size)) >> (64 - 8*size)
	return uint64(max(signed, -signed)), ok
}

// first returns the first of scales that is right for v; their number if none is.
func first(scales []plan.Scale, v uint64) int {
	for k := range scales {
		if _, ok := scales[k].Integer(v); ok {
			return k
		}
	}
	return len(scales)
}
