package records

import "github.com/ktzip/ktzip/codec/internal/arith"

// A link says that a column lately had the bytes of another column of a record before, of
// whatever kind: the same numbers are often written twice.
type link struct {
	kind  uint16 // the place of the record's kind in starts
	which uint8  // 0: the last record of that kind, 1: the one before, …
	sure  uint8  // how often this was so lately, up to mostSure; 0: there is no link
	shift int32  // columns from this one to that one
}

const (
	mostSure    = 15
	linkedBack  = 4 // bytes before a match that are linked when it begins
	sureOfNoise = 3 // from here on a link knows more of noise
	linkSize    = 8 // bytes of a link in memory
	sureClasses = 4
)

// A linker foretells bytes by links, which it learns from matches.
type linker struct {
	prophet
	links []link
	link  *link // that of the column; nil: none
	from  int   // where the byte stands that is foretold; 0: nothing is
	match int   // where the match stood last
}

// reset forgets all.
func (l *linker) reset() {
	l.prophet.reset(mostSure + 1)
	*l = linker{prophet: l.prophet, links: arith.Zeros(l.links, columns)}
}

// at returns the link of a column of the record under way.
func (l *linker) at(f *framer, column int) *link {
	return &l.links[columnHash(f, column)>>(32-columnBits)]
}

// move moves to byte i: what the match covers before it is linked, and the link of its column
// foretells it.
func (l *linker) move(f *framer, m *matcher, i int) {
	l.from, l.link = 0, nil
	if f.kind == 0 || m.least == 0 {
		return
	}
	if m.length > 0 {
		n := 1
		if m.from != l.match+1 { // it begins here
			n = min(m.length, linkedBack)
		}
		for back := 1; back <= n && i-back >= f.start+f.head; back++ {
			l.connect(f, i-back, m.from-back)
		}
	}
	l.match = m.from
	l.link = l.at(f, i-f.start)
	if l.link.sure == 0 {
		return
	}
	if s := int(f.starts[l.link.kind][l.link.which]); s > 0 {
		if from := s - 1 + i - f.start + int(l.link.shift); 0 < from && from < i {
			l.from = from
		}
	}
}

// connect links the column of byte i, if it has no link, to that of byte from.
func (l *linker) connect(f *framer, i, from int) {
	k := l.at(f, i-f.start)
	if k.sure > 0 {
		return
	}
	if r, which, ok := f.find(from); ok {
		*k = link{kind: r.kind, which: uint8(which), sure: 1, shift: int32(from - int(r.start) - (i - f.start))}
	}
}

// learnByte learns byte i of b.
func (l *linker) learnByte(b []byte, i int) {
	switch {
	case l.from == 0:
	case b[l.from] == b[i]:
		l.link.sure = min(l.link.sure+1, mostSure)
	default:
		l.link.sure /= 2
	}
}

// sure returns how sure it is of what it foretells; -1 if it foretells nothing.
func (l *linker) sure() int {
	if l.from == 0 {
		return -1
	}
	return int(l.link.sure)
}
