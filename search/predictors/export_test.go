package predictors

import (
	"context"
	"fmt"
	"strings"

	"github.com/ktzip/ktzip/dsl"
)

// A Drawn is a generated signal, for tests outside the package.
type Drawn struct {
	Name  string
	Bytes []byte
	Right []string // texts of predictors of which one is right
}

// Logged returns about n bytes of records, and the text of their source.
func Logged(seed uint64, n int) (b []byte, source string) {
	b, _, f := logged(seed, n)
	node := f.node()
	p := dsl.Program{Nodes: []dsl.Node{node}}
	return b, strings.SplitN(p.String(), "\n", 2)[0]
}

// Draw draws a signal of about n bytes.
func Draw(seed uint64, n int) Drawn {
	s := draw(seed, n)
	d := Drawn{Name: fmt.Sprint(s.source), Bytes: s.bytes()}
	for _, window := range [][2]int{{5, 16}, {7, 16}, {9, 32}} {
		p := predictor{source: s.source, fade: window[0], every: window[1], own: 8, other: otherOf(s.source, 2), contexts: 31}
		if s.row > 0 {
			p.own, p.rings = 2, 2
		}
		d.Right = append(d.Right, p.program().String())
	}
	return d
}

// Time returns how many nanoseconds trials for a segment of size bytes may take.
func (m *Mixer) Time(size int) int64 { return m.effort.time(size) }

// blendOf returns a search for mixtures for s that has much time.
func blendOf(s *dsl.Stream) *blend {
	return newBlend(newTrial(context.Background(), s, &purse{1 << 40}, New(9).effort.parts, map[stretch]int{}))
}

// components returns those of m.
func components(m mixture) (list []string) {
	for _, n := range m.components {
		list = append(list, fmt.Sprint(n.Op, n.Nums, n.List))
	}
	return list
}

// Component returns how components are named here.
func Component(op dsl.Op, a, b int32, list ...int32) string {
	return fmt.Sprint(op, [3]int32{a, b}, list)
}

// Start returns the components of the best start for s.
func Start(s *dsl.Stream) []string {
	b := blendOf(s)
	b.screen()
	return components(mixture{components: b.starts[0]})
}

// Promising returns the components that are promising beside the order 1, the best ones first.
func Promising(s *dsl.Stream) []string {
	return components(mixture{components: blendOf(s).promising(mixture{[]dsl.Node{order(1)}, 18, false, setFound})})
}

// Changed returns the components that are left of the order 0, a match and another component if added is offered
// beside them.
func Changed(s *dsl.Stream, other dsl.Node, added ...dsl.Node) []string {
	b := blendOf(s)
	all := b.compare(long, mixture{[]dsl.Node{order(0), match(32), other}, 18, false, setFound})
	if len(all) == 0 {
		return nil
	}
	return components(b.change(all[0], added).mixture)
}
