package dsl

import (
	"strconv"
	"strings"
)

// String returns the text of p in the published form, which runs under Python
// with the published definitions.
func (p *Program) String() string {
	var b strings.Builder
	for i := range p.Nodes {
		b.WriteString("sequence_" + strconv.Itoa(i+1) + " = ")
		p.Nodes[i].print(&b)
		b.WriteByte('\n')
	}
	b.WriteString("output = sequence_" + strconv.Itoa(p.Out+1))
	return b.String()
}

func (n *Node) print(b *strings.Builder) {
	r := &table[n.Op]
	b.WriteString(r.name)
	sep := "("
	if r.word != "" {
		b.WriteString(sep + r.word)
		sep = ", "
	}
	refs, nums := 0, 0
	for _, k := range r.params {
		b.WriteString(sep)
		sep = ", "
		switch k {
		case kindRef:
			b.WriteString("sequence_" + strconv.Itoa(n.Refs[refs]+1))
			refs++
		case kindList:
			b.WriteByte('[')
			for i, v := range n.List {
				if i > 0 {
					b.WriteString(", ")
				}
				b.WriteString(strconv.Itoa(int(v)))
			}
			b.WriteByte(']')
		default:
			b.WriteString(strconv.Itoa(int(n.Nums[nums])))
			nums++
		}
	}
	b.WriteByte(')')
}
