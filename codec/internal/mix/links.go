package mix

// A link says that a column had the same bytes as one of a record of another kind, or of the same
// record.
type link struct {
	kind  uint16 // whose record it is
	which uint8  // 0: the last one, 1: the one before, …
	sure  uint8  // how often this was so lately, up to mostSure
	shift int32  // columns, from this one to that one
}

const (
	mostSure    = 15
	linkedKinds = 64 // records that are looked through for the one that a match began in
	sureStep    = 2
)

// A linker foretells bytes by links.
type linker struct {
	links    []link
	link     *link // that of the column
	from     int   // where the byte stands that is foretold; 0: none is
	counters [(mostSure + 1) * 2 * 2]counter
	foretold int

	// The last records: where they began and of which kind they are.
	starts [linkedKinds]int32
	kinds  [linkedKinds]uint16
	count  int
	match  int // where the match is that was followed last
}

func (l *linker) reset() {
	*l = linker{links: zeros(l.links, columns)}
	for i := range l.counters {
		l.counters[i] = counterStart
	}
}

// began learns that a record of this kind began.
func (l *linker) began(start int, kind uint32) {
	l.starts[l.count%linkedKinds] = int32(start)
	l.kinds[l.count%linkedKinds] = uint16(kind >> (32 - kindBits))
	l.count++
}

// look finds what is foretold of byte i.
func (l *linker) look(m *octets, i int) {
	f := &m.framer
	l.from, l.link = 0, nil
	if f.kind == 0 {
		return
	}
	k := &l.links[m.view.column>>(32-columnBits)]
	l.link = k
	if k.sure == 0 {
		return
	}
	if s := f.starts[k.kind][k.which]; s > 0 {
		if from := int(s) - 1 + i - f.start + int(k.shift); from > 0 && from < i {
			l.from = from
		}
	}
}

// learnByte learns byte i of b.
func (l *linker) learnByte(m *octets, b []byte, i int) {
	if l.from > 0 {
		if b[l.from] == b[i] {
			l.link.sure = min(l.link.sure+1, mostSure)
		} else {
			l.link.sure >>= 1
		}
	}
}

// follow lets columns link to where a match is, before byte i is looked at: the match is right up to byte i-1.
func (l *linker) follow(m *octets, i int) {
	f, t := &m.framer, &m.match
	if t.length == 0 || f.kind == 0 {
		l.match = 0
		return
	}
	n := 1
	if t.from != l.match+1 {
		n = min(t.length, 8)
	}
	l.match = t.from
	for back := 1; back <= n; back++ {
		c := i - back - f.start
		if c < f.head {
			break
		}
		k := &l.links[hashed(f.kind, uint32(min(c, maxColumn)))>>(32-columnBits)]
		if k.sure == 0 {
			if !l.find(f, k, t.from-back, c) {
				break
			}
			k.sure = 1
		}
	}
}

func (l *linker) find(f *framer, k *link, from, c int) bool {
	for n := 1; n <= min(linkedKinds, l.count); n++ {
		j := (l.count - n) % linkedKinds
		if int(l.starts[j]) <= from {
			kind := l.kinds[j]
			for which, s := range f.starts[kind] {
				if s == l.starts[j]+1 {
					*k = link{kind: kind, which: uint8(which), shift: int32(from - int(l.starts[j]) - c)}
					return true
				}
			}
			return false
		}
	}
	return false
}

func (l *linker) inputs(in []int32, v byte, k int, known uint32) int {
	in[0], in[1], l.foretold = 0, 0, -1
	if l.from == 0 || k > 0 && (v == 0 || (uint32(v)|256)>>(9-k) != known) {
		return 0
	}
	want := 0
	if k == 0 && v == 0 || k > 0 && v>>(8-k)&1 != 0 {
		want = 1
	}
	l.foretold = (int(l.link.sure)*2+want)*2 + min(k, 1)
	p := l.counters[l.foretold].p()
	in[0], in[1] = stretch(p), (int32(p)-32768)>>5
	return 1 + min(int(l.link.sure)/4, 2)
}

func (l *linker) learn(bit int) {
	if l.foretold >= 0 {
		l.counters[l.foretold].update(bit)
	}
}
