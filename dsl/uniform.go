package dsl

// uniformLine is the benchmark's price of a line without its parameters: one of 25 kinds.
const uniformLine = 25

// UniformBits returns the benchmark's cost of a program in bits: -log2 of its probability
// under the published uniform prior, quirks included (arXiv 2503.13992, Appendix A.2).
// Line i, counted from 0, costs log2 25 and its parameters; a reference costs log2 (i+1).
// Every line counts, needed or not; the output's has no parameters.
func (p *Program) UniformBits() float64 {
	sum := Log2(uniformLine)
	for i := range p.Nodes {
		n := &p.Nodes[i]
		sum += Log2(uniformLine)
		for _, k := range table[n.Op].params {
			switch k {
			case kindRef:
				sum += Log2(float64(i + 1))
			case kindList:
				sum += float64(float64(len(n.List)) * uniformBits[k])
			default:
				sum += uniformBits[k]
			}
		}
	}
	return sum
}
