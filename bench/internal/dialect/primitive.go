package dialect

import (
	"math"
	"math/bits"
	"slices"
)

// A Kind says how a program of the first language makes what a primitive makes.
type Kind int

// The kinds.
const (
	Macro   Kind = iota // by some lines, as many for a list of any length
	Growing             // by more lines the more elements there are, but fewer than elements
	None                // by nothing but a literal, or by as many lines
)

func (k Kind) String() string { return [...]string{"some lines", "lines that grow", "none"}[k] }

// A number is a kind of number: its price under the uniform prior in bits, and which are drawn:
// least, least+step, …, at most most.
type number struct {
	bits              float64
	least, most, step int
}

// Prices are those of the first language's numbers. What is drawn is arbitrary where the first
// language has no such number.
var (
	length     = number{bits: math.Log2(21), least: minLength, most: maxLength, step: 1} // of a base
	value      = number{bits: 8, least: 0, most: 255, step: 1}
	multiplier = number{bits: 8, least: 3, most: 255, step: 2} // odd, so that no bit is lost
	middle     = number{bits: 8, least: 16, most: 239, step: 1}
	small      = number{bits: 3, least: 2, most: 5, step: 1}
	digit      = number{bits: 8, least: 1, most: 9, step: 1}
	period     = number{bits: 8, least: 7, most: 255, step: 2} // of digits
)

// A Primitive is an operation of the dialect. All elements are bytes: sums and products are
// modulo 256.
type Primitive struct {
	Name  string
	Kind  Kind
	Lists int // arguments that are lists; before its numbers

	numbers []*number
	literal bool // has a list of elements
	eval    func(n []int, s, t []byte) []byte
}

// each returns f(0), f(1), … f(n-1), modulo 256.
func each(n int, f func(i int) int) []byte {
	list := make([]byte, n)
	for i := range list {
		list[i] = byte(f(i))
	}
	return list
}

// recur returns x, next(x), next(next(x)), …, n elements.
func recur(n, x int, next func(x int) int) []byte {
	return each(n, func(i int) int {
		if i > 0 {
			x = next(x) & 255
		}
		return x
	})
}

// apply returns f of each element.
func apply(s []byte, f func(v int) int) []byte {
	return each(len(s), func(i int) int { return f(int(s[i])) })
}

// primitives are the dialect: bases, then updates of a list, then operations on two.
var primitives = []Primitive{
	{Name: "list", Kind: Macro, literal: true},
	// congruential(n, x, a, c): x, ax + c, a(ax + c) + c, ….
	{Name: "congruential", Kind: None, numbers: []*number{&length, &value, &multiplier, &value},
		eval: func(n []int, _, _ []byte) []byte {
			return recur(n[0], n[1], func(x int) int { return n[2]*x + n[3] })
		}},
	// fibonacci(n, x, y): x, y, x + y, x + 2y, ….
	{Name: "fibonacci", Kind: None, numbers: []*number{&length, &value, &value},
		eval: func(n []int, _, _ []byte) []byte {
			x, y := n[1], n[2]
			return each(n[0], func(int) int { v := x; x, y = y, x+y; return v })
		}},
	// shift_register(n, x, m): x, then x >> 1, exclusive or m if x was odd.
	{Name: "shift_register", Kind: None, numbers: []*number{&length, &value, &value},
		eval: func(n []int, _, _ []byte) []byte {
			return recur(n[0], n[1], func(x int) int { return x>>1 ^ x&1*n[2] })
		}},
	// digits(n, p, q): those of p / q, after the point.
	{Name: "digits", Kind: None, numbers: []*number{&length, &digit, &period},
		eval: func(n []int, _, _ []byte) []byte {
			p := n[1] % n[2]
			return each(n[0], func(int) int { p *= 10; v := p / n[2]; p %= n[2]; return v })
		}},
	// gray(n, x): x, x+1, … in Gray code.
	{Name: "gray", Kind: None, numbers: []*number{&length, &value},
		eval: func(n []int, _, _ []byte) []byte {
			return each(n[0], func(i int) int { v := (n[1] + i) & 255; return v ^ v>>1 })
		}},
	// masked(n, x, m): x, x+1, … exclusive or m.
	{Name: "masked", Kind: Growing, numbers: []*number{&length, &value, &value},
		eval: func(n []int, _, _ []byte) []byte {
			return each(n[0], func(i int) int { return n[1] + i&255 ^ n[2] })
		}},
	// staircase(n, x): x once, x+1 twice, x+2 three times, ….
	{Name: "staircase", Kind: Growing, numbers: []*number{&length, &middle},
		eval: func(n []int, _, _ []byte) []byte {
			step, end := 0, 1
			return each(n[0], func(i int) int {
				if i == end {
					step++
					end += step + 1
				}
				return n[1] + step
			})
		}},
	// thue_morse(n, x, y): x or y, as i has an even number of ones or not.
	{Name: "thue_morse", Kind: Growing, numbers: []*number{&length, &value, &value},
		eval: func(n []int, _, _ []byte) []byte {
			return each(n[0], func(i int) int { return n[1+bits.OnesCount(uint(i))&1] })
		}},
	// ruler(n, x, c): x + c times the zeros that i+1 ends with.
	{Name: "ruler", Kind: Growing, numbers: []*number{&length, &value, &value},
		eval: func(n []int, _, _ []byte) []byte {
			return each(n[0], func(i int) int { return n[1] + n[2]*bits.TrailingZeros(uint(i+1)) })
		}},
	// quadratic(n, a, b, c): c + bi + ai².
	{Name: "quadratic", Kind: Macro, numbers: []*number{&length, &small, &value, &value},
		eval: func(n []int, _, _ []byte) []byte {
			return each(n[0], func(i int) int { return n[3] + i*(n[2]+i*n[1]) })
		}},
	// cubic(n, a, b, c): c + bi + ai³.
	{Name: "cubic", Kind: Macro, numbers: []*number{&length, &small, &value, &value},
		eval: func(n []int, _, _ []byte) []byte {
			return each(n[0], func(i int) int { return n[3] + i*(n[2]+i*i*n[1]) })
		}},
	// zigzag(n, x): x, x-1, x+1, x-2, x+2, ….
	{Name: "zigzag", Kind: Macro, numbers: []*number{&length, &middle},
		eval: func(n []int, _, _ []byte) []byte {
			return each(n[0], func(i int) int { return n[1] + (i+1)/2*(1-i&1*2) })
		}},
	// triangle(n, x, k): x up to x+k, down to x, up again, ….
	{Name: "triangle", Kind: Macro, numbers: []*number{&length, &middle, &small},
		eval: func(n []int, _, _ []byte) []byte {
			return each(n[0], func(i int) int { i %= 2 * n[2]; return n[1] + min(i, 2*n[2]-i) })
		}},

	// mirror(s): s, then backwards.
	{Name: "mirror", Kind: Macro, Lists: 1, eval: func(_ []int, s, _ []byte) []byte {
		back := slices.Clone(s)
		slices.Reverse(back)
		return slices.Concat(s, back)
	}},
	// rotate(s, k): the first k elements at the end.
	{Name: "rotate", Kind: Macro, Lists: 1, numbers: []*number{&small},
		eval: func(n []int, s, _ []byte) []byte {
			k := n[0] % len(s)
			return slices.Concat(s[k:], s[:k])
		}},
	// transpose(s, k): rows of k elements, column by column.
	{Name: "transpose", Kind: Macro, Lists: 1, numbers: []*number{&small},
		eval: func(n []int, s, _ []byte) (list []byte) {
			for k := range n[0] {
				for i := k; i < len(s); i += n[0] {
					list = append(list, s[i])
				}
			}
			return list
		}},
	// stutter(s): each element twice.
	{Name: "stutter", Kind: Macro, Lists: 1, eval: func(_ []int, s, _ []byte) []byte {
		return each(2*len(s), func(i int) int { return int(s[i/2]) })
	}},
	// complement(s): 255 - v.
	{Name: "complement", Kind: Macro, Lists: 1, eval: func(_ []int, s, _ []byte) []byte {
		return apply(s, func(v int) int { return 255 - v })
	}},
	// differences(s): s[0], s[1] - s[0], s[2] - s[1], ….
	{Name: "differences", Kind: Macro, Lists: 1, eval: func(_ []int, s, _ []byte) []byte {
		before := 0
		return apply(s, func(v int) int { d := v - before; before = v; return d })
	}},
	// exclusive_or(s, m).
	{Name: "exclusive_or", Kind: None, Lists: 1, numbers: []*number{&value},
		eval: func(n []int, s, _ []byte) []byte { return apply(s, func(v int) int { return v ^ n[0] }) }},
	// multiply(s, a).
	{Name: "multiply", Kind: None, Lists: 1, numbers: []*number{&multiplier},
		eval: func(n []int, s, _ []byte) []byte { return apply(s, func(v int) int { return v * n[0] }) }},
	// scan_xor(s): s[0], s[0]^s[1], ….
	{Name: "scan_xor", Kind: None, Lists: 1, eval: func(_ []int, s, _ []byte) []byte {
		x := 0
		return apply(s, func(v int) int { x ^= v; return x })
	}},
	// reverse_bits(s): those of each element.
	{Name: "reverse_bits", Kind: None, Lists: 1, eval: func(_ []int, s, _ []byte) []byte {
		return apply(s, func(v int) int { return int(bits.Reverse8(byte(v))) })
	}},

	// concatenate(s, t).
	{Name: "concatenate", Kind: Macro, Lists: 2, eval: func(_ []int, s, t []byte) []byte { return slices.Concat(s, t) }},
	// merge(s, t): the elements of both in their order.
	{Name: "merge", Kind: Macro, Lists: 2, eval: func(_ []int, s, t []byte) []byte {
		list := slices.Concat(s, t)
		slices.Sort(list)
		return list
	}},
	// around(s, t): t, s, t.
	{Name: "around", Kind: Macro, Lists: 2, eval: func(_ []int, s, t []byte) []byte { return slices.Concat(t, s, t) }},
	// riffle(s, t): an element of s, one of the end of t, ….
	{Name: "riffle", Kind: Macro, Lists: 2, eval: func(_ []int, s, t []byte) []byte {
		back := slices.Clone(t)
		slices.Reverse(back)
		return weave(s, back, 1, 1)
	}},
	// blocks(s, t, k): k elements of s, k of t, ….
	{Name: "blocks", Kind: Growing, Lists: 2, numbers: []*number{&small},
		eval: func(n []int, s, t []byte) []byte { return weave(s, t, n[0], n[0]) }},
	// weave(s, t): two elements of s, one of t, ….
	{Name: "weave", Kind: None, Lists: 2, eval: func(_ []int, s, t []byte) []byte { return weave(s, t, 2, 1) }},
	// xor_lists(s, t): as long as the shorter.
	{Name: "xor_lists", Kind: None, Lists: 2, eval: func(_ []int, s, t []byte) []byte {
		return each(min(len(s), len(t)), func(i int) int { return int(s[i] ^ t[i]) })
	}},
}

// weave returns a elements of s, b of t, and again, then the rest of the longer.
func weave(s, t []byte, a, b int) (list []byte) {
	for len(s) > 0 || len(t) > 0 {
		a, b := min(a, len(s)), min(b, len(t))
		list = append(append(list, s[:a]...), t[:b]...)
		s, t = s[a:], t[b:]
	}
	return list
}

// Primitives returns the primitives. The index of one is its number.
func Primitives() []Primitive { return slices.Clone(primitives) }

// named returns the number of the primitive called name.
func named(name string) int {
	return slices.IndexFunc(primitives, func(p Primitive) bool { return p.Name == name })
}
