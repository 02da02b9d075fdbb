package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/ktzip/ktzip/dsl"
)

// What a plan says of the data of a segment.

// A Section is a stretch of a segment that a node of its plan makes.
type Section struct {
	Offset, Size int    // in bytes
	Node         int    // -1 without a plan
	Kind         string // of data, such as KindRecords
	Words        string // what it has
	Streams      []int  // of what it is made, but for streams of sections before
}

// maxSections bounds how many sections a plan has: a hostile one may concatenate a list with itself
// again and again. Arbitrary; beyond it, sections are not taken apart.
const maxSections = 1 << 10

// Sections returns the stretches of a segment of size bytes that p concatenates, those without a byte left out.
// It is one for a plan that concatenates nothing, and for one that is nil or cannot make so many bytes.
func Sections(p *dsl.Program, size int) []Section {
	if size == 0 {
		return nil
	}
	if p == nil {
		return []Section{{Size: size, Node: -1, Kind: KindBytes, Words: asTheyAre}}
	}
	l, err := NewLayout(p, size)
	if err != nil {
		return []Section{{Size: size, Node: -1, Kind: KindBytes, Words: "a plan that cannot make so many bytes"}}
	}
	list := l.sections(nil, p.Out, 0)
	w := walker{Layout: l, seen: make([]bool, len(p.Nodes))}
	var taken [MaxStreams]bool
	for k := range list {
		s := &list[k]
		s.Kind, s.Words = KindBytes, asTheyAre
		if i := tellingNode(p, s.Node); i >= 0 {
			s.Kind, s.Words = cmp.Or(wordings[p.Nodes[i].Op].kind, KindNumbers), Words(p, i)
		}
		w.visit = func(chain []int, _ string) {
			if stream := streamOf(p, chain); stream >= 0 && !taken[stream] {
				taken[stream] = true
				s.Streams = append(s.Streams, stream)
			}
		}
		w.walk(s.Node, "")
	}
	return list
}

const asTheyAre = "bytes as they are" // of sections

// sections appends those that node i, at byte off, concatenates.
func (l *Layout) sections(list []Section, i, off int) []Section {
	n := &l.p.Nodes[i]
	switch {
	case l.lengths[i] == 0:
		return list
	case n.Op == dsl.Between:
		return l.sections(list, n.Refs[0], off)
	case n.Op == dsl.Concatenate && len(list) < maxSections:
		list = l.sections(list, n.Refs[0], off)
		return l.sections(list, n.Refs[1], off+l.lengths[n.Refs[0]])
	}
	return append(list, Section{Offset: off, Size: l.lengths[i], Node: i})
}

// tellingNode returns the node, of those that make the list of node i one after the other, that tells most of what
// kind of data it is; -1 if none does anything. The first of two that tell the same is it.
func tellingNode(p *dsl.Program, i int) int {
	best, most := -1, -1
	for {
		n := &p.Nodes[i]
		if n.Op == dsl.Payload {
			return best
		}
		if rank := slices.Index(ranks, wordings[n.Op].kind); n.Op != dsl.Between && n.Op != dsl.Concatenate && rank > most {
			if best < 0 || ranks[rank] != KindRepeated { // it says less than whatever is made of it
				best, most = i, rank
			}
		}
		if n.Op.Lists() != 1 {
			return best
		}
		i = n.Refs[0]
	}
}

// Lines that About returns at most, how many of them are of sections, and how many operations one after the other are told.
// Arbitrary: what is read at a glance.
const (
	maxAbout         = 8
	maxAboutSections = 6
	maxChain         = 6
)

// About says, in a few lines, what p says of the data of a segment of size bytes: of what kind they are, what
// predicts them, what is left. p may be nil.
func About(p *dsl.Program, size int) []string {
	sections := Sections(p, size)
	if len(sections) == 0 {
		return []string{"nothing"}
	}
	if sections[0].Node < 0 {
		return []string{sections[0].Words}
	}
	l, err := NewLayout(p, size)
	if err != nil {
		return []string{err.Error()}
	}
	shown, largest := largestOf(sections)
	room := maxAbout - 1 - len(shown)
	if len(sections) > len(shown) {
		room--
	}
	var lines []string
	bytes := 0
	for _, s := range shown {
		bytes += s.Size
		if len(sections) == 1 {
			lines = append(lines, s.Words)
		} else {
			lines = append(lines, s.placed())
		}
		if s.Offset == largest {
			lines = append(lines, l.details(&s, room)...)
		}
	}
	if more := len(sections) - len(shown); more > 0 {
		lines = append(lines, fmt.Sprintf("… %d more, %s together", more, plural(size-bytes, "byte")))
	}
	return append(lines, l.leftWords())
}

// largestOf returns the largest sections, at most maxAboutSections, in their order, and where the largest one starts.
func largestOf(sections []Section) (shown []Section, largest int) {
	var chosen [2 * maxSections]bool
	for n := range min(len(sections), maxAboutSections) {
		best := -1
		for k := range min(len(sections), len(chosen)) {
			if !chosen[k] && (best < 0 || sections[k].Size > sections[best].Size) {
				best = k
			}
		}
		if chosen[best] = true; n == 0 {
			largest = sections[best].Offset
		}
	}
	for k := range min(len(sections), len(chosen)) {
		if chosen[k] {
			shown = append(shown, sections[k])
		}
	}
	return shown, largest
}

// place says where s is.
func (s *Section) place() string {
	if s.Size == 1 {
		return fmt.Sprintf("byte %d", s.Offset)
	}
	return fmt.Sprintf("bytes %d to %d", s.Offset, s.Offset+s.Size-1)
}

// placed says where s is, and what it has.
func (s *Section) placed() string {
	switch {
	case s.Words == asTheyAre && s.Size == 1:
		return s.place() + ": as it is"
	case s.Words == asTheyAre:
		return s.place() + ": as they are"
	}
	return s.place() + ": " + s.Words
}

// leftWords says which streams are left.
func (l *Layout) leftWords() string {
	total := 0
	for _, n := range l.Streams {
		total += n
	}
	return fmt.Sprintf("left to code: %s in %s", plural(total, "byte"), plural(len(l.Streams), "stream"))
}

// A walker visits the nodes below one, each once.
type walker struct {
	*Layout
	seen []bool
	// visit sees the nodes that make a list one after the other, up to a stream or a node that takes two lists.
	visit func(chain []int, role string)
}

// streamOf returns the stream at the end of a chain; -1 if there is none.
func streamOf(p *dsl.Program, chain []int) int {
	if len(chain) == 0 {
		return -1
	}
	if n := &p.Nodes[chain[len(chain)-1]]; n.Op == dsl.Payload {
		return int(n.Nums[0])
	}
	return -1
}

// walk visits node i, whose role is role, and those below, but for those that it has visited.
func (w *walker) walk(i int, role string) {
	if w.seen[i] {
		return
	}
	var chain []int
	for parts := []part{{node: i}}; ; {
		if len(parts) != 1 || parts[0].role != "" || w.seen[parts[0].node] {
			w.visit(chain, role)
			for _, a := range parts {
				w.walk(a.node, a.of(role))
			}
			return
		}
		i = parts[0].node
		w.seen[i] = true
		chain = append(chain, i)
		parts = w.parts(i)
	}
}

// Streams says for each stream of p, a plan for segments of size bytes, of what it is what is left. p may be nil.
func Streams(p *dsl.Program, size int) []string {
	if p == nil {
		return []string{""}
	}
	l, err := NewLayout(p, size)
	if err != nil {
		return nil
	}
	words := make([]string, len(l.Streams))
	sections := Sections(p, size)
	w := walker{Layout: l, seen: make([]bool, len(p.Nodes))}
	for _, s := range sections {
		w.visit = func(chain []int, role string) {
			if len(sections) > 1 {
				role = part{role: role}.of(s.place())
			}
			if stream := streamOf(p, chain); stream >= 0 {
				words[stream] = role
			}
		}
		w.walk(s.Node, "")
	}
	return words
}

// details returns at most room lines about what makes s, but for what its words say.
func (l *Layout) details(s *Section, room int) (lines []string) {
	told := tellingNode(l.p, s.Node)
	if told < 0 {
		return nil
	}
	roles := map[string]int{} // of what has one, the line
	said := map[string]string{}
	add := func(role, text string) {
		k, again := roles[text]
		switch {
		case text == "":
		case again && role != "":
			said[text] = joinRoles(said[text], role)
			lines[k] = "  " + said[text] + ": " + text
		case len(lines) < room && role == "":
			lines = append(lines, "  "+text)
		case len(lines) < room:
			roles[text], said[text] = len(lines), role
			lines = append(lines, "  "+role+": "+text)
		}
	}
	add("", fieldsText(&l.p.Nodes[told]))
	w := walker{Layout: l, seen: make([]bool, len(l.p.Nodes))}
	w.visit = func(chain []int, role string) {
		element := int32(0)
		if role == "" {
			element = elementOf(&l.p.Nodes[told])
		}
		var words []string
		for _, i := range chain {
			n := &l.p.Nodes[i]
			if i == told || n.Op == dsl.Between || n.Op == dsl.Concatenate || n.Op == dsl.Payload {
				continue
			}
			text := Words(l.p, i)
			if e := elementOf(n); e == element && e != 0 { // which was said
				text = strings.TrimPrefix(strings.TrimPrefix(text, elementWords(e)), ", ")
			} else {
				element = e
			}
			words = append(words, strings.TrimSpace(text))
		}
		if len(words) > maxChain {
			words = append(words[:maxChain], "…")
		}
		if role != "" {
			words = []string{strings.Join(words, "; ")}
		}
		for _, text := range words {
			add(role, text)
		}
	}
	w.walk(s.Node, "")
	return lines
}

// Without returns p without line i: its argument takes the place of its result. ok is false if the line does not take one
// list that is as long as its result, or if the output does not need it. q is canonical. Of the same streams
// it makes something else; it serves to take segments apart without the line.
func Without(p *dsl.Program, i int) (q *dsl.Program, ok bool) {
	if i < 0 || i >= len(p.Nodes) || p.Out < 0 || !keepsLength(p.Nodes[i].Op) {
		return nil, false
	}
	needed := make([]bool, len(p.Nodes))
	needed[p.Out] = true
	for k := p.Out; k > i; k-- {
		for _, ref := range p.Nodes[k].Refs[:listsOf(&p.Nodes[k])] {
			if needed[k] && ref >= 0 {
				needed[ref] = true
			}
		}
	}
	if !needed[i] {
		return nil, false
	}
	q = p.Clone()
	arg := q.Nodes[i].Refs[0]
	for k := range q.Nodes {
		for r, ref := range q.Nodes[k].Refs {
			if ref == i {
				q.Nodes[k].Refs[r] = arg
			}
		}
	}
	if q.Out == i {
		q.Out = arg
	}
	return q.Canonical(), true
}

// keepsLength reports whether op takes one list, as long as its result, and does something to it.
func keepsLength(op dsl.Op) bool {
	return rowOf(op) != nil && op.Lists() == 1 && op != dsl.Between && op != dsl.Pack
}
