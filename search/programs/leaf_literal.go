package programs

import (
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// literal is set_list of any elements. What searches chains offers literals
// itself, since there is one from everywhere to everywhere.
type literal struct{}

func (literal) propose(*scratch, *line, int) {}

func (literal) build(b *builder, l *line, i int, p *piece) int {
	return b.node(dsl.Node{Op: dsl.SetList, List: slices.Clone(l.v[i:p.end])})
}
