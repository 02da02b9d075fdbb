package mix

// A linker remembers which column of another kind's last record had the same bytes.
type linker struct {
	from  int
	sure  int
	slot  *link
	links []link
}

type link struct {
	kind  uint16 // index of kind
	shift int16
	sure  uint8
	on    bool
}

var kLink = knob("LINK", 1)

func (l *linker) reset() {
	l.links = zeros(l.links, 1<<16)
	l.from = 0
	l.slot = nil
}

// at moves to byte i.
func (l *linker) at(m *octets, b []byte, i, col int) {
	f := &m.framer
	if l.slot != nil && l.from > 0 {
		if b[l.from] == b[i-1] {
			l.slot.sure = min(l.slot.sure+1, 15)
		} else if l.slot.sure /= 2; l.slot.sure == 0 {
			l.slot.on = false
		}
	}
	if kLink == 0 {
		return
	}
	// A match that goes on says where this column stands elsewhere.
	if l.slot != nil && m.match.matched > 3 {
		l.learn(m, i)
	}
	l.slot, l.from, l.sure = nil, 0, 0
	if f.kind == 0 {
		return
	}
	l.slot = &l.links[m.view.column>>16]
	if l.slot.on {
		if s := int(f.recents[l.slot.kind][0]); s > 0 && s-1 != f.start {
			if p := s - 1 + col + int(l.slot.shift); p < i && p >= 0 {
				l.from, l.sure = p, int(l.slot.sure)
			}
		}
	}
}

func (l *linker) learn(m *octets, i int) {
}
