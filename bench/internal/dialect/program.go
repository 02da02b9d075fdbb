package dialect

import (
	"fmt"
	"math"
	"strings"
)

// A Line is one primitive with its arguments.
type Line struct {
	Primitive int
	Lists     []int // earlier lines
	Numbers   []int
	Literal   []byte
}

// A Program is straight-line. Its output is the last line.
type Program []Line

// Bits returns the price of p under a uniform prior with the rules of the KoLMogorov Test: a
// line is one of the primitives or the output, a reference at line i, from 0, one of i+1.
func (p Program) Bits() float64 {
	kind := math.Log2(float64(len(primitives) + 1))
	bits := kind // of the output
	for i, l := range p {
		bits += kind + 8*float64(len(l.Literal)) + float64(len(l.Lists))*math.Log2(float64(i+1))
		for _, n := range primitives[l.Primitive].numbers {
			bits += n.bits
		}
	}
	return bits
}

// Kind returns the worst kind of p's primitives.
func (p Program) Kind() (worst Kind) {
	for _, l := range p {
		worst = max(worst, primitives[l.Primitive].Kind)
	}
	return worst
}

// String returns the text of p, in the form of the first language's.
func (p Program) String() string {
	var b strings.Builder
	for i, l := range p {
		var args []string
		for _, k := range l.Lists {
			args = append(args, fmt.Sprintf("sequence_%d", k+1))
		}
		for _, n := range l.Numbers {
			args = append(args, fmt.Sprint(n))
		}
		if primitives[l.Primitive].literal {
			args = append(args, strings.ReplaceAll(fmt.Sprint(l.Literal), " ", ", "))
		}
		fmt.Fprintf(&b, "sequence_%d = %s(%s)\n", i+1, primitives[l.Primitive].Name, strings.Join(args, ", "))
	}
	fmt.Fprintf(&b, "output = sequence_%d", len(p))
	return b.String()
}

// eval returns what l makes of the lists of the lines before.
func (l *Line) eval(lists [][]byte) []byte {
	p := &primitives[l.Primitive]
	if p.literal {
		return l.Literal
	}
	var args [2][]byte
	for k, i := range l.Lists {
		args[k] = lists[i]
	}
	return p.eval(l.Numbers, args[0], args[1])
}

// Run returns the output of p, which must come from a Generator.
func (p Program) Run() []byte {
	var lists [][]byte
	for i := range p {
		lists = append(lists, p[i].eval(lists))
	}
	return lists[len(lists)-1]
}
