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
	for k := range list {
		s := &list[k]
		s.Kind, s.Words = KindBytes, asTheyAre
		if i := tellingNode(p, s.Node); i >= 0 {
			s.Kind, s.Words = rowOf(p.Nodes[i].Op).words.kind, Words(p, i)
		}
		if s.Kind == "" {
			s.Kind = KindBytes
		}
	}
	return list
}

const asTheyAre = "bytes as they are"

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
// kind of data it is: the first that has a kind; or else the first that does something, -1 if none does.
func tellingNode(p *dsl.Program, i int) int {
	first := -1
	for {
		n := &p.Nodes[i]
		switch {
		case rowOf(n.Op).words.kind != "":
			return i
		case n.Op == dsl.Payload:
			return first
		case n.Op != dsl.Between && first < 0:
			first = i
		}
		if n.Op.Lists() != 1 {
			return first
		}
		i = n.Refs[0]
	}
}

// Lines that About returns at most, and how many of them are of sections. Arbitrary: what is read at a glance.
const (
	maxAbout         = 8
	maxAboutSections = 6
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
	shown := slices.Clone(sections)
	slices.SortFunc(shown, func(a, b Section) int { return cmp.Or(b.Size-a.Size, a.Offset-b.Offset) })
	shown = shown[:min(len(shown), maxAboutSections)]
	largest := shown[0].Offset
	slices.SortFunc(shown, func(a, b Section) int { return a.Offset - b.Offset })
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
			lines = append(lines, s.place()+": "+s.Words)
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

// place says where s is.
func (s *Section) place() string {
	if s.Size == 1 {
		return fmt.Sprintf("byte %d", s.Offset)
	}
	return fmt.Sprintf("bytes %d to %d", s.Offset, s.Offset+s.Size-1)
}

// leftWords says which streams are left.
func (l *Layout) leftWords() string {
	total := 0
	for _, n := range l.Streams {
		total += n
	}
	return fmt.Sprintf("left to code: %s in %s", plural(total, "byte"), plural(len(l.Streams), "stream"))
}

// A part is a list that a node takes.
type part struct {
	node int
	role string // what it is for the node; "" if it is the only one
}

// parts returns the lists that node i takes, those of concatenations of concatenations all alike.
func (l *Layout) parts(i int) (list []part) {
	n := &l.p.Nodes[i]
	switch {
	case n.Op == dsl.Concatenate:
		sections := l.sections(nil, i, 0)
		for k, s := range sections {
			list = append(list, part{s.Node, fmt.Sprintf("part %d of %d", k+1, len(sections))})
		}
	case n.Op.Lists() == 2:
		for k, role := range rowOf(n.Op).words.roles {
			list = append(list, part{n.Refs[k], role})
		}
	case n.Op.Lists() == 1:
		list = append(list, part{node: n.Refs[0]})
	}
	return list
}

// maxRole is how many bytes the roles of a list and of those that it is part of have together; inner ones go first.
const maxRole = 60

// of returns the role of a part of a list that has the role outer itself.
func (a part) of(outer string) string {
	switch {
	case a.role == "" || outer == "":
		return a.role + outer
	case len(a.role)+len(outer) > maxRole:
		return outer
	}
	return a.role + " of the " + outer
}

// A walker visits the nodes below one, each once.
type walker struct {
	*Layout
	seen []bool
	// visit sees the nodes that make a list one after the other, up to a stream or a node that takes two lists.
	visit func(chain []int, role string)
}

// walk visits node i, whose role is role, and those below.
func (w *walker) walk(i int, role string) {
	var chain []int
	for parts := []part{{node: i}}; ; {
		if len(parts) != 1 || parts[0].role != "" || w.seen[parts[0].node] {
			w.visit(chain, role)
			for _, a := range parts {
				if !w.seen[a.node] {
					w.walk(a.node, a.of(role))
				}
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
			if len(chain) == 0 {
				return
			}
			n := &p.Nodes[chain[len(chain)-1]]
			if n.Op != dsl.Payload {
				return
			}
			if len(sections) > 1 {
				role = part{role: role}.of(s.place())
			}
			words[n.Nums[0]] = role
		}
		if !w.seen[s.Node] {
			w.walk(s.Node, "")
		}
	}
	return words
}

// details returns at most room lines about what makes s, but for what its words say.
func (l *Layout) details(s *Section, room int) (lines []string) {
	told := tellingNode(l.p, s.Node)
	if told < 0 {
		return nil
	}
	add := func(text string) {
		if text != "" && len(lines) < room {
			lines = append(lines, "  "+text)
		}
	}
	add(fieldsOf(&l.p.Nodes[told]))
	w := walker{Layout: l, seen: make([]bool, len(l.p.Nodes))}
	w.visit = func(chain []int, role string) {
		var words []string
		for _, i := range chain {
			if op := l.p.Nodes[i].Op; i != told && op != dsl.Between && op != dsl.Concatenate && op != dsl.Payload {
				words = append(words, Words(l.p, i))
			}
		}
		if role != "" && len(words) > 0 {
			words = []string{role + ": " + strings.Join(words, "; ")}
		}
		for _, text := range words {
			add(text)
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
