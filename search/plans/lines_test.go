package plans

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/search/plans/internal/text"
)

// A textKind draws texts of a kind.
type textKind struct {
	name string
	draw func(*rand.Rand) textPuzzle
}

var textKinds = []textKind{
	{"delimited", delimitedTable}, {"aligned", alignedTable}, {"fixed", fixedWidths}, {"keys", keyValue},
	{"objects", jsonLines}, {"array", jsonArray}, {"long", longTable}, {"pairs", pairs},
}

// textsPerKind is how many texts of each kind are drawn if -full is given.
const textsPerKind = 20

// leastFound is the percentage of texts whose templates must be found. It is to be 90.
const leastFound = 35

// drawText draws the i-th of all texts.
func drawText(i int) (kind string, p textPuzzle) {
	k := textKinds[i%len(textKinds)]
	return k.name, k.draw(rand.New(rand.NewPCG(uint64(i), 2026)))
}

// A kindResult is how close to the true templates those are that are found for texts of a kind.
type kindResult struct {
	texts, found int
	more         []int // percent that the others are larger by
}

func (k *kindResult) String() string {
	slices.Sort(k.more)
	return fmt.Sprintf("%d of %d, the others +%d %%", k.found, k.texts, k.more)
}

// TestFindsLines draws texts of known structure: the templates that are found must come within 5 %
// of the true ones on 90 % of them.
func TestFindsLines(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine")
	}
	n := len(textKinds)
	if *full {
		n *= textsPerKind
	}
	found, kinds := 0, map[string]*kindResult{}
	for i := range n {
		kind, p := drawText(i)
		best, truth := p.best(t)
		list := text.Find(p.data, estimate, deflated)
		got, templates := deflated(p.data), "no templates"
		if len(list) > 0 && list[0].Cost < got {
			got, templates = list[0].Cost, list[0].Text
		}
		k := kinds[kind]
		if k == nil {
			k = &kindResult{}
			kinds[kind] = k
		}
		k.texts++
		if got*100 <= best*105 {
			k.found++
			found++
			continue
		}
		k.more = append(k.more, got*100/best-100)
		wanted, _ := truth.text()
		templates, wanted = lineByLine(templates, truth.end), lineByLine(wanted, truth.end)
		t.Logf("%s, text %d: %s\n%.300s\nof %d bytes takes %d, by the true templates %d (+%.0f %%): found\n%.600s\nwant\n%.600s", kind, i, p.name, p.data, len(p.data), got, best, 100*float64(got)/float64(best)-100, templates, wanted)
	}
	for _, k := range textKinds {
		t.Logf("%s: %v", k.name, kinds[k.name])
	}
	t.Logf("within 5 %% of the true templates: %d of %d", found, n)
	if found*100 < n*leastFound {
		t.Errorf("within 5 %% of the true templates: %d of %d, want %d %%", found, n, leastFound)
	}
}

// lineByLine returns templates that are followed by end, a line each.
func lineByLine(templates string, end byte) string {
	return strings.ReplaceAll(templates, string(end), "\n")
}

// TestLinesRoundTrip finds templates for texts of all kinds: the rows that they take apart must be
// those that a plan puts together.
func TestLinesRoundTrip(t *testing.T) {
	for i := range len(textKinds) {
		kind, p := drawText(1000*len(textKinds) + i)
		proposed := text.Find(p.data, estimate, estimate)
		all := append(proposed, text.Templates{})
		for _, m := range all[:len(proposed)] {
			checkLines(t, kind, p.data, m)
		}
	}
}

// checkLines fails if what templates take apart is not put together again.
func checkLines(t *testing.T, kind string, src []byte, m text.Templates) {
	t.Helper()
	program := linesPlan(src, m)
	if program == nil {
		t.Fatalf("%s: no plan by the templates\n%s", kind, m.Text)
	}
	if strings.Count(m.Text, string(m.End)) < 1 {
		t.Fatalf("%s: no templates", kind)
	}
	plannedSize(t, src, program)
}
