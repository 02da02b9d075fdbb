package codec

import (
	"context"

	"github.com/ktzip/ktzip/dsl"
)

// worthSample is how many bytes of a group tell what the components of its predictor are worth: some
// 50 ms each. Arbitrary.
const worthSample = 64 << 10

// worth returns for each component of the predictor p by how many thousandths a part of content, which
// it codes, becomes longer without it: 0 for the source; for the end without its
// contexts, or with one set of weights.
func (d *predicting) worth(ctx context.Context, content []byte, p *dsl.Program) []int {
	list := make([]int, len(p.Nodes))
	part := content[:min(len(content), worthSample)]
	whole, _, err := d.encode(ctx, part, p)
	if err != nil || len(whole) == 0 {
		return list
	}
	for i := 1; i < len(list); i++ {
		if less, _, err := d.encode(ctx, part, without(p, i)); err == nil {
			list[i] = (len(less) - len(whole)) * 1000 / len(whole)
		}
	}
	return list
}

// without returns the predictor p without component i; if that is the end, without its contexts, or with
// the weights of the nodes alone.
func without(p *dsl.Program, i int) *dsl.Program {
	q := p.Clone()
	if i == len(q.Nodes)-1 {
		if len(q.Nodes[i].List) == 1 {
			q.Nodes[i].List = []int32{1}
		} else {
			q.Nodes[i].Nums = [3]int32{}
		}
		return q
	}
	q.Nodes = append(q.Nodes[:i], q.Nodes[i+1:]...)
	for k := i; k < len(q.Nodes); k++ {
		q.Nodes[k].Refs[0]--
	}
	q.Out--
	return q
}
