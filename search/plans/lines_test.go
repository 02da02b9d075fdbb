package plans

import (
	"bytes"
	"flag"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/dsl/plan"
	"github.com/ktzip/ktzip/search/plans/internal/text"
)

var only = flag.String("kind", "", "of texts, the only one to draw")

// A textKind draws texts of a kind.
type textKind struct {
	name string
	draw func(*rand.Rand) textPuzzle
}

var textKinds = []textKind{
	{"delimited", delimitedTable}, {"aligned", alignedTable}, {"fixed", fixedWidths}, {"keys", keyValue},
	{"logs", logs}, {"access", accessLog}, {"metrics", metrics}, {"dump", hexDump}, {"C", cArray}, {"NMEA", nmea}, {"HEX", intelHex}, {"SREC", sRecords}, {"TLE", orbits}, {"CAN", canLog},
	{"VCF", variants}, {"SAM", reads}, {"GFF", genes}, {"STEP", stepModel}, {"OBJ", mesh},
	{"objects", jsonLines}, {"array", jsonArray}, {"long", longTable}, {"pairs", pairs},
	{"forms", twoForms}, {"optional", optionalKeys},
}

// textsPerKind is how many texts of each kind are drawn if -full is given.
const textsPerKind = 40

// text draws the i-th text of the kind.
func (k *textKind) text(i int) textPuzzle {
	seed := fnv.New64a()
	seed.Write([]byte(k.name))
	return k.draw(rand.New(rand.NewPCG(seed.Sum64(), uint64(i))))
}

// leastFound is the percentage of texts whose templates must be found.
const leastFound = 90

// A kindResult is how close to the true templates those are that are found for texts of a kind.
type kindResult struct {
	texts, found int
	more         []int // percent that the others are larger by
}

func (k *kindResult) String() string {
	slices.Sort(k.more)
	return fmt.Sprintf("%d of %d, the others +%d %%", k.found, k.texts, k.more)
}

// compare notes how close to the true templates of p those that are found are.
func (k *kindResult) compare(t *testing.T, p *textPuzzle) {
	t.Helper()
	best, truth := p.best(t)
	got, found := coded(p.data), "no templates"
	if list := text.Find(p.data, estimate, coded); len(list) > 0 && list[0].Cost < got {
		got, found = list[0].Cost, list[0].Text
	}
	k.texts++
	if got*100 <= best*105 {
		k.found++
		return
	}
	k.more = append(k.more, got*100/best-100)
	if testing.Verbose() {
		want, _ := truth.text()
		t.Logf("%s\n%.300s\nof %d bytes takes %d, by the true templates %d (+%d %%): found\n%.2600s\nwant\n%.2600s",
			p.name, p.data, len(p.data), got, best, got*100/best-100, lineByLine(found, truth.end), lineByLine(want, truth.end))
	}
}

// TestFindsLines draws texts of known structure: the templates that are found must come within 5 %
// of the true ones on 90 % of them.
var nth, from = flag.Int("nth", -1, "only this text"), flag.Int("from", 0, "the first text")

func TestFindsLines(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine")
	}
	perKind, found, n := 1, 0, 0
	if *full {
		perKind = textsPerKind
	}
	for _, k := range textKinds {
		if *only != "" && *only != k.name {
			continue
		}
		result := &kindResult{}
		for i := *from; i < *from+perKind; i++ {
			if *nth >= 0 && i != *nth {
				continue
			}
			p := k.text(i)
			result.compare(t, &p)
		}
		found, n = found+result.found, n+result.texts
		t.Logf("%s: %v", k.name, result)
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

// TestPlansPrintLines searches texts for plans: the best takes hardly more than the templates found.
func TestPlansPrintLines(t *testing.T) {
	const level, most = 6, 103 // percent
	kinds := textKinds[3:6]
	if *full {
		kinds = textKinds
	}
	for _, k := range kinds {
		p := k.text(textsPerKind + 1)
		if len(p.data) <= maxMessage { // which has plans of its own
			p = k.text(textsPerKind + 3)
		}
		list := text.Find(p.data, estimate, coded)
		if len(list) == 0 {
			continue
		}
		want, got := min(list[0].Cost, coded(p.data)), coded(p.data)
		for _, program := range New(level).Plans(t.Context(), p.data, coded) {
			var m plan.Machine
			streams, err := m.Split(p.data, program)
			if err != nil {
				t.Fatalf("%s: %v\n%v", p.name, err, program)
			}
			size := 0
			for _, s := range streams {
				size += coded(s)
			}
			got = min(got, size)
		}
		if got*100 > want*most {
			t.Errorf("%s: %d bytes, %d by the templates", p.name, got, want)
		}
	}
}

// damaged returns text in which some bytes are others, and some rows are missing or shorter.
func damaged(r *rand.Rand, text []byte) []byte {
	rows := bytes.SplitAfter(slices.Clone(text), []byte("\n"))
	var b []byte
	for _, row := range rows {
		switch k := r.IntN(100); {
		case k == 0:
			continue
		case k == 1:
			row = row[:r.IntN(len(row)+1)]
		case k < 6 && len(row) > 0:
			row[r.IntN(len(row))] = byte(r.IntN(256))
		}
		b = append(b, row...)
	}
	return b
}

// TestLinesRoundTrip finds templates for texts of all kinds, and for damaged ones: the rows that they
// take apart must be those that a plan puts together.
func TestLinesRoundTrip(t *testing.T) {
	for _, k := range textKinds {
		data := k.text(textsPerKind).data
		data = data[:min(len(data), 8<<10)]
		for _, src := range [][]byte{data, damaged(rand.New(rand.NewPCG(21, 21)), data)} {
			for _, m := range text.Find(src, estimate, estimate) {
				checkLines(t, k.name, src, m)
			}
		}
	}
}

// checkLines fails if what templates take apart is not put together again.
func checkLines(t *testing.T, kind string, src []byte, m text.Templates) {
	t.Helper()
	program := linesPlan(src, m, numbersAsStream, asStream)
	if program == nil {
		t.Fatalf("%s: no plan by the templates\n%s", kind, m.Text)
	}
	var machine plan.Machine
	streams, err := machine.Split(src, program)
	if err != nil {
		t.Fatalf("%s: %v\n%v", kind, err, program)
	}
	got := make([]byte, len(src))
	if err := machine.Join(got, program, streams); err != nil || !bytes.Equal(got, src) {
		t.Fatalf("%s: %v: joined to other rows by\n%v", kind, err, program)
	}
}
