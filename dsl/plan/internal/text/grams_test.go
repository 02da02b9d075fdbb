package text

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// TestGramsSkipNoTemplate takes rows of many templates apart, some of them with exceptions and some of
// none, and wants the templates that trying them all finds.
func TestGramsSkipNoTemplate(t *testing.T) {
	r := rand.New(rand.NewPCG(23, 2026))
	words := strings.Fields("open opened close closed user users in of id took ms failed: = [] no")
	for _, count := range []int{gramsFrom, 60, 200} {
		var templates, rows []string
		for range count - 1 {
			template, row := "", ""
			for range 1 + r.IntN(6) {
				switch r.IntN(4) {
				case 0:
					template, row = template+" %u2", row+fmt.Sprintf(" %d", r.IntN(70_000))
				case 1:
					template, row = template+" <%s>", row+fmt.Sprintf(" <%s>", words[r.IntN(len(words))])
				default:
					w := words[r.IntN(len(words))]
					template, row = template+" "+w, row+" "+w
				}
			}
			templates = append(templates, template)
			rows = append(rows, row, row+" and more")
		}
		templates = append(templates, "%s")
		r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		src := strings.Join(rows, "\n")
		text := strings.Join(templates, "\n") + "\n"
		shape := shapeOf(src, []int{len(templates)})
		got, err := Split([]byte(src), text, shape)
		if err != nil {
			t.Fatal(err)
		}
		if got.grams.wanted == nil {
			t.Fatalf("%d templates: no texts are looked for", count)
		}
		want, err := newSplitter([]byte(src), text, shape)
		if err != nil {
			t.Fatal(err)
		}
		want.grams = rowGrams{}
		if err := want.run(shape.Count); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got.choices, want.choices) || !reflect.DeepEqual(got.columns, want.columns) {
			t.Errorf("%d templates: rows are taken for others", count)
		}
		if got.tries >= want.tries {
			t.Errorf("%d templates: the last row took %d tries, %d without looking at its texts", count, got.tries, want.tries)
		}
	}
}
