package dsl

import (
	"strconv"
	"strings"
)

// String returns the text form of p, which runs under Python with the published
// definitions. Lists of earlier programs are earlier_1, the last one made, earlier_2, ….
func (p *Program) String() string {
	var b strings.Builder
	for i := range p.Nodes {
		b.WriteString("sequence_" + strconv.Itoa(i+1) + " = ")
		p.Nodes[i].print(&b)
		b.WriteByte('\n')
	}
	b.WriteString("output = " + listName(p.Out))
	return b.String()
}

func listName(ref int) string {
	if ref < 0 {
		return "earlier_" + strconv.Itoa(-ref)
	}
	return "sequence_" + strconv.Itoa(ref+1)
}

func (n *Node) print(b *strings.Builder) {
	r := &table[n.Op]
	b.WriteString(r.name + "(" + r.word)
	sep := ""
	if r.word != "" {
		sep = ", "
	}
	refs, nums := 0, 0
	for _, k := range r.params {
		b.WriteString(sep)
		sep = ", "
		switch k {
		case kindRef:
			b.WriteString(listName(n.Refs[refs]))
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
	if n.Text != "" {
		b.WriteString(sep + Quote(n.Text))
	}
	b.WriteByte(')')
}

// Quote returns text in quotes, as Program.String prints it: it has no ;, which is the end of a
// line for the flag --plan.
func Quote(text string) string { return strings.ReplaceAll(strconv.Quote(text), ";", `\x3b`) }
