package text

// Which templates a row may be an instance of: those whose literal texts it has. A set of many
// templates would else be tried one after the other.

const (
	// gramsFrom is for how many templates the texts of a row are looked at: with fewer that takes longer
	// than trying them. Arbitrary.
	gramsFrom = 8

	// gramBytes is the length of the texts that are looked for, in bytes, and gramLog the logarithm of
	// how many of them are told apart. Arbitrary.
	gramBytes, gramLog = 4, 12
)

// A gramSet is a set of hashes of texts of gramBytes.
type gramSet [1 << gramLog / 64]uint64

// gramOf returns the hash of the text at the start of b.
func gramOf(b []byte) uint32 {
	_ = b[gramBytes-1]
	return (uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24) * 0x9E3779B1 >> (32 - gramLog) // Knuth's multiplicative hash
}

// has reports whether s has gram.
func (s *gramSet) has(gram uint32) bool { return s[gram>>6]>>(gram&63)&1 != 0 }

// rowGrams are the texts of a row that templates of the first set must have.
type rowGrams struct {
	wanted []uint32 // by each template, plus 1; 0 if it wants none. Nil if there are few templates
	set    gramSet  // of the row
	used   []uint32 // members of set
	any    gramSet  // all that are wanted
}

// newRowGrams returns what the templates of the first set want: of the texts of each the one that
// the fewest want.
func newRowGrams(t *templateSet) (g rowGrams) {
	if t.count(0) < gramsFrom {
		return g
	}
	var counts [1 << gramLog]int
	each := func(k int, f func(gram uint32)) {
		for i := t.templates[k].first; i < t.templates[k].end; i++ {
			for pos := t.slots[i].text; pos+gramBytes <= t.slots[i].textEnd; pos++ {
				f(gramOf(t.text[pos:]))
			}
		}
	}
	for k := range t.count(0) {
		each(k, func(gram uint32) { counts[gram]++ })
	}
	g.wanted = make([]uint32, t.count(0))
	for k := range g.wanted {
		each(k, func(gram uint32) {
			if w := g.wanted[k]; w == 0 || counts[gram] < counts[w-1] {
				g.wanted[k] = gram + 1
			}
		})
		if w := g.wanted[k]; w > 0 {
			g.any[(w-1)>>6] |= 1 << ((w - 1) & 63)
		}
	}
	return g
}

// look notes the texts of row.
func (g *rowGrams) look(row []byte) {
	if g.wanted == nil {
		return
	}
	for _, gram := range g.used {
		g.set[gram>>6] = 0
	}
	g.used = g.used[:0]
	for pos := 0; pos+gramBytes <= len(row); pos++ {
		if gram := gramOf(row[pos:]); g.any.has(gram) {
			g.set[gram>>6] |= 1 << (gram & 63)
			g.used = append(g.used, gram)
		}
	}
}

// lacks reports whether the row lacks a text of template i of the first set.
func (g *rowGrams) lacks(i int32) bool {
	return g.wanted != nil && g.wanted[i] > 0 && !g.set.has(g.wanted[i]-1)
}
