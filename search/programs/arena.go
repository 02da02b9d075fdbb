package programs

// An arena hands out slices that live until they are released. They take no more room
// than their elements. The zero value is ready.
type arena[T any] struct {
	chunks [][]T  // of chunkLen elements each
	next   cursor // of the next slice
}

// A cursor is a chunk and an offset in it.
type cursor struct{ chunk, offset int }

// chunkLen is the number of elements that an arena allocates at a time (arbitrary).
const chunkLen = 1024

// take returns a slice of n elements, which hold anything.
func (a *arena[T]) take(n int) []T {
	if n > chunkLen {
		return make([]T, n)
	}
	if a.next.offset+n > chunkLen {
		a.next = cursor{chunk: a.next.chunk + 1}
	}
	if a.next.chunk == len(a.chunks) {
		a.chunks = append(a.chunks, make([]T, chunkLen))
	}
	first := a.next.offset
	a.next.offset += n
	return a.chunks[a.next.chunk][first:a.next.offset:a.next.offset]
}

// keep returns a copy of v.
func (a *arena[T]) keep(v []T) []T {
	w := a.take(len(v))
	copy(w, v)
	return w
}

// one returns a pointer to a copy of x.
func (a *arena[T]) one(x T) *T {
	w := a.take(1)
	w[0] = x
	return &w[0]
}

// A store holds the states that a search makes, and what they consist of.
type store struct {
	states  arena[state]
	slots   arena[slot]
	kids    arena[kid]
	lines   arena[line]
	numbers arena[int32]
	pieces  arena[piece]
}

// A mark is what a store holds at some time.
type mark struct{ states, slots, kids, lines, numbers, pieces cursor }

func (s *store) mark() mark {
	return mark{
		states: s.states.next, slots: s.slots.next, kids: s.kids.next,
		lines: s.lines.next, numbers: s.numbers.next, pieces: s.pieces.next,
	}
}

// release releases what was made since m. The zero mark releases all.
func (s *store) release(m mark) {
	s.states.next, s.slots.next, s.kids.next = m.states, m.slots, m.kids
	s.lines.next, s.numbers.next, s.pieces.next = m.lines, m.numbers, m.pieces
}

// bareLine returns a line that has the elements of l alone.
func (s *store) bareLine(l *line) *line { return s.lines.one(line{v: s.numbers.keep(l.v)}) }

// line returns a line like l that is kept in s.
func (s *store) line(l *line) *line {
	return s.lines.one(line{
		v: s.numbers.keep(l.v), run: s.numbers.keep(l.run), lit: s.numbers.keep(l.lit), busy: s.numbers.keep(l.busy),
		offers: s.pieces.keep(l.offers), source: l.source, origin: l.origin,
	})
}
