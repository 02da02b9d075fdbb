package plan

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ktzip/ktzip/dsl"
)

// A sampler draws plans of every operation, without regard to sense.
type sampler struct{ *rand.Rand }

func newSampler(seed uint64) sampler { return sampler{rand.New(rand.NewPCG(seed, 1))} }

// number draws numbers of every size, most of them small.
func (r sampler) number() int32 {
	const maxInt, minInt = 1<<31 - 1, -1 << 31
	switch r.IntN(16) {
	case 0:
		return []int32{0, 1, -1, 255, 256, minInt, maxInt, maxInt - 1, minInt + 1}[r.IntN(9)]
	case 1:
		return int32(r.Uint32()) >> r.IntN(32)
	case 2, 3:
		return int32(r.IntN(600) - 300)
	case 4, 5, 6:
		return int32(r.IntN(256))
	}
	return int32(r.IntN(12) - 3)
}

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
