package text

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestDivisionsAreBounded divides wide tables, each column of which may divide the rows: this takes no more
// than it may, but for the division that is looked for when that is reached.
func TestDivisionsAreBounded(t *testing.T) {
	r := rand.New(rand.NewPCG(23, 23))
	for _, c := range []struct{ columns, values int }{{8, 5}, {30, 20}, {60, 200}, {2000, 200}} {
		var b strings.Builder
		for b.Len() < 100_000 {
			for range c.columns {
				fmt.Fprintf(&b, "%d,", r.IntN(c.values))
			}
			b.WriteByte('\n')
		}
		src := []byte(b.String())
		f := newFinder(src, '\n', nil, prices{}, dividingSteps)
		most := f.steps
		for _, w := range []way{{}, {undivided: true}, {delimiter: ','}} {
			f.groups(w)
		}
		last := int64(pairSteps * splitWindows * splitRows * splitTokens * splitTokens)
		if f.steps < -last {
			t.Errorf("%d columns of %d values: %d steps, want at most %d", c.columns, c.values, most-f.steps, most+last)
		}
		t.Logf("%d columns of %d values: %d steps a byte", c.columns, c.values, (most-f.steps)/int64(len(src)))
	}
}

// TestAlikeRowsAreTold looks at marks: rows of a table are alike, prose is not.
func TestAlikeRowsAreTold(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 23))
	texts := map[string]func() string{
		"table": func() string { return fmt.Sprintf("%d,%.2f,%q", r.IntN(1000), r.Float64(), "ok") },
		"fixed": func() string { return fmt.Sprintf("%8d%8d", r.IntN(1000), r.IntN(1000)) },
		"log": func() string {
			return fmt.Sprintf("12:30:%02d app[%d]: user %d in", r.IntN(60), r.IntN(999), r.IntN(99))
		},
		"prose": func() string { return strings.Repeat("some words, ", r.IntN(9)) + strings.Repeat("word ", r.IntN(90)) },
	}
	for name, row := range texts {
		var b strings.Builder
		for range 60 {
			b.WriteString(row() + "\n")
		}
		if got, want := lookAtMarks([]byte(b.String()), '\n').alike, name != "prose"; got != want {
			t.Errorf("%s: alike is %v", name, got)
		}
	}
}

// TestNoCells groups rows in ways that none of them fits: those of other parts of a text may.
func TestNoCells(t *testing.T) {
	for _, row := range []string{"abc\n", "\n", " \n", ";\n", "a;\n"} {
		f := newFinder([]byte(strings.Repeat(row, 50)), '\n', nil, prices{}, dividingSteps)
		for _, w := range []way{{blanks: true}, {delimiter: ','}, {delimiter: ';'}, {fixed: true}, {undivided: true}, {}} {
			size := 0
			for _, g := range f.groups(w) {
				size += g.size()
			}
			if size != len(f.rows) && !w.fixed { // rows of no fixed places are none
				t.Errorf("%q, %+v: %d rows of %d", row, w, size, len(f.rows))
			}
		}
	}
}
