package plans

import (
	"bytes"
	"compress/flate"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/ktzip/ktzip/dsl/plan"
)

// A textPuzzle is a text of known structure, with templates that state it: those that it takes
// least with are the true ones.
type textPuzzle struct {
	name  string
	data  []byte
	truth []templateSets
}

// templateSets are templates, in sets, for rows that end with a byte.
type templateSets struct {
	end  byte
	sets [][]string
}

// text returns the templates as the operation takes them.
func (m *templateSets) text() (text string, counts []int) {
	var b strings.Builder
	for _, set := range m.sets {
		counts = append(counts, len(set))
		for _, template := range set {
			b.WriteString(template)
			b.WriteByte(m.end)
		}
	}
	return b.String(), counts
}

// size returns what src takes by m, in bytes.
func (m *templateSets) size(src []byte) (int, error) {
	text, counts := m.text()
	_, numbers, cells, err := plan.LinesNode(src, text, m.end, counts)
	if err != nil {
		return 0, err
	}
	return coded(numbers) + coded(cells), nil
}

// coded returns how many bytes the standard library's deflate takes for a stream. That of
// deflated leaves letters as they are if hardly any repeat: it has base64 at its full length.
func coded(stream []byte) int {
	var b bytes.Buffer
	w := coders.Get().(*flate.Writer)
	w.Reset(&b)
	w.Write(stream)
	w.Close()
	coders.Put(w)
	return b.Len()
}

var coders = sync.Pool{New: func() any {
	w, _ := flate.NewWriter(nil, 6)
	return w
}}

// best returns what the text takes by its true templates, and which these are.
func (p *textPuzzle) best(t *testing.T) (size int, truth *templateSets) {
	t.Helper()
	for k := range p.truth {
		n, err := p.truth[k].size(p.data)
		if err != nil {
			text, counts := p.truth[k].text()
			t.Fatalf("%s: %v\n%v\n%s\n%.2000s", p.name, err, counts, text, p.data)
		}
		if truth == nil || n < size {
			size, truth = n, &p.truth[k]
		}
	}
	return size, truth
}

const (
	leastRows, mostRows = 60, 6000  // of a text
	mostText            = 100 << 10 // bytes of a text
	mostExceptions      = 30        // of 1000 cells
	mostTemplateSets    = 14        // sets, two of which are the rows' and their heads'
	shareOfExceptions   = 3         // one in so many columns has exceptions
)

// A page is a text under construction: rows, and the templates that print them.
type page struct {
	*rand.Rand
	rows   []string
	size   int // of the rows, in bytes
	most   int // rows
	sets   [][]string
	eol    string // before the end of each row
	noEnd  bool   // the last row has no end
	traits []string
}

// newPage returns a page of some rows, with or without a carriage return at their end.
func newPage(r *rand.Rand) *page {
	p := &page{Rand: r, sets: [][]string{nil}}
	p.most = leastRows
	for p.most < mostRows && r.IntN(12) > 0 {
		p.most += p.most/2 + r.IntN(20)
	}
	p.most = min(p.most, mostRows)
	if r.IntN(4) == 0 {
		p.eol = "\r"
		p.trait("CRLF")
	}
	p.noEnd = r.IntN(4) == 0
	return p
}

// trait notes what is special of the text.
func (p *page) trait(format string, args ...any) {
	p.traits = append(p.traits, fmt.Sprintf(format, args...))
}

// add adds a row.
func (p *page) add(row string) {
	p.rows = append(p.rows, row+p.eol)
	p.size += len(row) + len(p.eol) + 1
}

// full reports whether the page has rows enough.
func (p *page) full() bool { return len(p.rows) >= p.most || p.size >= mostText }

// template adds a template of rows.
func (p *page) template(text string) { p.sets[0] = append(p.sets[0], text+p.eol) }

// set adds a set of templates and returns the slot for an instance of one.
func (p *page) set(templates ...string) string {
	p.sets = append(p.sets, templates)
	return fmt.Sprintf("%%<%d>", len(p.sets))
}

// anyRow adds the template of rows that no other prints.
func (p *page) anyRow() { p.sets[0] = append(p.sets[0], "%s") }

// data returns the rows as text.
func (p *page) data() []byte {
	text := strings.Join(p.rows, "\n")
	if !p.noEnd {
		text += "\n"
	}
	return []byte(text)
}

// puzzle returns the text with its templates and others that may be the true ones.
func (p *page) puzzle(format string, args ...any) textPuzzle {
	name := fmt.Sprintf(format, args...)
	if p.noEnd {
		p.trait("no last end")
	}
	if len(p.traits) > 0 {
		name += " (" + strings.Join(p.traits, ", ") + ")"
	}
	name += fmt.Sprintf(", %d rows", len(p.rows))
	return textPuzzle{name, p.data(), []templateSets{{'\n', p.sets}}}
}

// rare reports true one time in n.
func (p *page) rare(n int) bool { return p.IntN(n) == 0 }

// oneOf returns one of list.
func oneOf[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }

// biased returns a number less than n, the lower ones more often.
func biased(r *rand.Rand, n int) int {
	return int(float64(n) * r.Float64() * r.Float64() * r.Float64())
}

// literal returns text as a template has it.
func literal(text string) string { return strings.ReplaceAll(text, "%", "%%") }

const letters = "abcdefghijklmnopqrstuvwxyz"

// name returns a random word that can be spoken.
func name(r *rand.Rand) string {
	const vowels, consonants = "aeiou", "bcdfghjklmnprstvwz"
	var b []byte
	for range 1 + r.IntN(3) {
		b = append(b, consonants[r.IntN(len(consonants))], vowels[r.IntN(len(vowels))])
	}
	if r.IntN(2) == 0 {
		b = append(b, consonants[r.IntN(len(consonants))])
	}
	return string(b)
}

// names returns n different words.
func names(r *rand.Rand, n int) (list []string) {
	known := map[string]bool{}
	for len(list) < n {
		s := name(r)
		if known[s] {
			s += string(letters[r.IntN(26)]) + string(letters[r.IntN(26)])
		}
		if !known[s] {
			known[s] = true
			list = append(list, s)
		}
	}
	return list
}

// randomDigits returns n digits of a base.
func randomDigits(r *rand.Rand, n int, alphabet string) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[r.IntN(len(alphabet))]
	}
	return string(b)
}
