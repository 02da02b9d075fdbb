package plan

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/internal/dsltest"
)

// A sampler draws plans of every operation, without regard to sense.
type sampler struct{ *rand.Rand }

func newSampler(seed uint64) sampler { return sampler{rand.New(rand.NewPCG(seed, 1))} }

func (r sampler) number() int32 { return dsltest.Number(r.Rand) }

func same(p, q *dsl.Program) bool {
	return p.Out == q.Out && slices.EqualFunc(p.Nodes, q.Nodes, func(a, b dsl.Node) bool {
		return a.Op == b.Op && a.Refs == b.Refs && a.Nums == b.Nums && slices.Equal(a.List, b.List)
	})
}

func mustParse(t testing.TB, text string) *dsl.Program {
	t.Helper()
	p, err := dsl.Parse(text, dsl.Plan)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// plan draws the nodes of a plan, depth operations deep, and counts its streams.
// It is one function because it is one list of cases: each operation with its parameters.
func (r sampler) plan(depth int, streams *int) []dsl.Node {
	node := func(op dsl.Op, list []int32, args [][]dsl.Node, nums ...int32) []dsl.Node {
		n := dsl.Node{Op: op, List: list}
		copy(n.Nums[:], nums)
		var all []dsl.Node
		for k, a := range args {
			base := len(all)
			for _, x := range a {
				for q := range x.Op.Lists() {
					x.Refs[q] += base
				}
				all = append(all, x)
			}
			n.Refs[k] = len(all) - 1
		}
		return append(all, n)
	}
	if depth == 0 {
		*streams++
		return node(dsl.Payload, nil, nil, int32(*streams-1))
	}
	w := []int32{1, 2, 4, 8, -2, -4, -8}[r.IntN(7)]
	near := func() int32 { return int32(1 + r.IntN(9)) }
	s := r.plan(depth-1, streams)
	switch r.IntN(22) {
	case 0:
		var list []int32
		for range r.IntN(4) {
			list = append(list, near(), r.number())
		}
		if r.IntN(2) == 0 { // a run of distances, too
			first := near()
			for k := range int32(4 + r.IntN(12)) {
				list = append(list, first+k, r.number())
			}
		}
		return node(dsl.Predict, list, [][]dsl.Node{s}, w, int32(r.IntN(8)))
	case 1:
		return node(dsl.Predict, []int32{near(), 1}, [][]dsl.Node{s}, w, 0)
	case 2:
		return node(dsl.Paeth, nil, [][]dsl.Node{s}, min(max(w, -4), 4), near(), near())
	case 3:
		return node(dsl.Median, nil, [][]dsl.Node{s}, min(max(w, -4), 4), near(), near())
	case 4:
		return node(dsl.Zigzag, nil, [][]dsl.Node{s}, w)
	case 5:
		return node(dsl.ScanXor, nil, [][]dsl.Node{s}, w, near())
	case 6:
		return node(dsl.Floats, nil, [][]dsl.Node{s}, w)
	case 7:
		return node(dsl.Transpose, nil, [][]dsl.Node{s}, near(), near())
	case 8:
		return node(dsl.Fields, []int32{near(), near(), near()}, [][]dsl.Node{s})
	case 9:
		return node(dsl.Interleave, nil, [][]dsl.Node{s, r.plan(r.IntN(depth), streams)})
	case 10:
		head := node(dsl.Between, nil, [][]dsl.Node{r.plan(r.IntN(depth), streams)}, 0, int32(r.IntN(20)))
		if r.IntN(2) == 0 {
			return node(dsl.Concatenate, nil, [][]dsl.Node{s, head})
		}
		return node(dsl.Concatenate, nil, [][]dsl.Node{head, s})
	case 11:
		return node([]dsl.Op{dsl.ReverseList, dsl.ScanAdd}[r.IntN(2)], nil, [][]dsl.Node{s})
	case 12:
		list := []int32{near()}
		for range r.IntN(6) {
			list = append(list, []int32{list[len(list)-1] + 1, near(), 10 * near()}[r.IntN(3)])
		}
		return node(dsl.LMS, list, [][]dsl.Node{s}, min(max(w, -4), 4), near(), int32(r.IntN(10)))
	case 15:
		var list []int32
		for range 1 + r.IntN(4) {
			n := r.IntN(4)
			list = append(list, int32(n))
			for range n {
				list = append(list, near(), r.number())
			}
		}
		return node(dsl.Mix, list, [][]dsl.Node{s}, w, int32(r.IntN(8)))
	case 13:
		return node(dsl.Pack, nil, [][]dsl.Node{s}, []int32{9, 10, 11, 12, 13, 14, 15, 24, -10, -12, -14, -24}[r.IntN(12)], int32(r.IntN(2)))
	case 16:
		return node(dsl.Branches, nil, [][]dsl.Node{s}, int32(Architectures()[r.IntN(len(Architectures()))]), r.Int32())
	case 17:
		return node(dsl.Scaled, nil, [][]dsl.Node{s}, []int32{4, 8, -4, -8}[r.IntN(4)], 1+r.Int32N(1<<r.IntN(31)), 1+r.Int32N(1<<r.IntN(31)))
	case 18:
		p := 2 + r.Int32N(100)
		return node(dsl.Multiples, nil, [][]dsl.Node{s}, w, p*(1-2*r.Int32N(2)), r.Int32N(p))
	case 20:
		w := []int32{1, 2, 4, 8, -2, -4, -8, 4, -4}[r.IntN(9)]
		k := r.Int32N(encodings - 1)
		if w == 4 || w == -4 {
			k = r.Int32N(encodings)
		}
		return node(dsl.Converted, nil, [][]dsl.Node{s}, w, k)
	case 21:
		return node(dsl.Normals, nil, [][]dsl.Node{s})
	case 14:
		return node(dsl.Columns, r.fields(1+r.IntN(6)), [][]dsl.Node{s})
	}
	return node(dsl.AddItem, nil, [][]dsl.Node{s}, r.number())
}

// fields returns the numbers that state count fields, with every predictor.
func (r sampler) fields(count int) (list []int32) {
	var widths []int32
	for k := range count {
		f := []int32{int32(1 + r.IntN(8)), int32(r.IntN(8)), 0}
		switch p := f[1]; {
		case p == FieldBytes || p == FieldText:
			f[0] = int32(1 + r.IntN(12))
			list, widths = append(list, f...), append(widths, f[0])
			continue
		case p == FieldBeside || p == FieldStep || p == FieldAlike:
			back := 1 + r.IntN(k+1)
			if back > k {
				f[1] = FieldDelta
				break
			}
			other := widths[k-back]
			if other > maxElement {
				f[1] = FieldXor
				break
			}
			if f[2] = int32(back); p != FieldAlike {
				f[0] = other
			}
		}
		if r.IntN(3) == 0 {
			f[0] = -f[0]
		}
		switch form := int32(r.IntN(8)); {
		case form == 0:
			f[1] += FieldFloat
		case form == 1 && f[0]%4 == 0:
			f[1] += FieldDecimal + FieldFloat*r.Int32N(MaxDecimals+1)
		case form == 2:
			f[1] += FieldEncoded + FieldFloat*r.Int32N(IBMFloat)
		case form == 3 && (f[0] == 4 || f[0] == -4):
			f[1] += FieldEncoded + FieldFloat*IBMFloat
		case form == 4 && f[0]%4 == 0:
			f[1] += FieldScaled
			list = append(list, 0, 1+r.Int32N(1000), 1+r.Int32N(1000))
		case form == 5:
			p := 2 + r.Int32N(100)
			f[1] += FieldMultiple
			list = append(list, 0, p*(1-2*r.Int32N(2)), r.Int32N(p))
		}
		list, widths = append(list, f...), append(widths, max(f[0], -f[0]))
	}
	return list
}
