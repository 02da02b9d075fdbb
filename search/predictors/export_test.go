package predictors

import (
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
