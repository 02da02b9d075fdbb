package texts

import "github.com/ktzip/ktzip/codec/internal/arith"

// Letters counts the letters that followed others, ACGT, on both strands of nucleic acids.
type letters struct {
	n       int      // letters of a context
	counts  []uint16 // four of 4 bits each, of many letters
	many    []uint32 // four of 8 bits each, of few
	shift   int      // of hashes; 0: contexts are places
	reverse uint64   // the last n letters as the other strand has them
	at      uint32   // the place of the context
	maps    [histories]entry
	index   uint8 // in maps
}

// fewLetters is how many letters a context has at most of which many follow.
const fewLetters = 11

// letterLog returns log2 of the places that a context of n letters has.
func letterLog(n, log int) int { return min(2*n, log-1) }

// letterBytes returns how many bytes the counts of a context of n letters take.
func letterBytes(n int) int {
	if n <= fewLetters {
		return 4
	}
	return 2
}

// letterOf has, for the bytes of letters, their number plus 1.
var letterOf = [256]uint8{'A': 1, 'C': 2, 'G': 3, 'T': 4, 'a': 1, 'c': 2, 'g': 3, 't': 4}

// reset forgets all.
func (l *letters) reset(n, log int) {
	bits := letterLog(n, log)
	*l = letters{n: n, counts: l.counts, many: l.many}
	if n <= fewLetters {
		l.many = arith.Zeros(l.many, 1<<bits)
	} else {
		l.counts = arith.Zeros(l.counts, 1<<bits)
	}
	if bits < 2*n {
		l.shift = 64 - bits
	}
	for k := range l.maps {
		t := tally{k & 15, k >> 4}
		l.maps[k].set(t.start(), 0)
	}
}

// place returns the place of a context.
func (l *letters) place(x uint64) uint32 {
	if l.shift > 0 {
		return uint32(x * 0x9E3779B97F4A7C15 >> l.shift)
	}
	return uint32(x)
}

// count counts a letter.
func (l *letters) count(at uint32, letter uint64) {
	if l.n <= fewLetters {
		c, k := &l.many[at], 8*letter
		if *c>>k&255 == 255 {
			*c = *c >> 1 & 0x7F7F7F7F
		}
		*c += 1 << k
		return
	}
	c := &l.counts[at]
	k := 4 * letter
	if *c>>k&15 == 15 {
		*c = *c >> 1 & 0x7777
	}
	*c += 1 << k
}

// move counts letter, which followed the context, and what that is on the other strand. past has
// the letters up to that one.
func (l *letters) move(past, letter uint64) {
	l.count(l.at, letter)
	before := l.reverse & 3
	l.reverse = l.reverse>>2 | (3-letter)<<(2*(l.n-1))
	l.count(l.place(l.reverse), before)
	l.at = l.place(past & (1<<(2*l.n) - 1))
}

// inputs sets the inputs of a decision that the letters with these codes left are about.
func (l *letters) inputs(in []int32, codes *[4]uint32) {
	var n [2]uint32
	if l.n <= fewLetters {
		c := l.many[l.at]
		for k, code := range codes {
			if code != 0 {
				n[code>>31] += c >> (8 * k) & 255
			}
		}
		p := ((2*n[1] + 1) << 11) / (n[0] + n[1] + 1)
		in[0], in[1] = int32(logits[p]), (int32(p)-2048)/2
		return
	}
	c := uint32(l.counts[l.at])
	for k, code := range codes {
		if code != 0 {
			n[code>>31] += c >> (4 * k) & 15
		}
	}
	l.index = uint8(min(n[0], 15) | min(n[1], 15)<<4)
	e := &l.maps[l.index]
	in[0], in[1] = int32(e.logit), int32(e.linear)
}

// learn learns that the decision was bit.
func (l *letters) learn(bit int) {
	if l.n > fewLetters {
		l.maps[l.index].learn(bit)
	}
}

// A strand is the letters before, for all contexts of them.
type strand struct {
	past  uint64
	small bool      // whether the last letter was a small one
	codes [4]uint32 // what is left of the decisions of each letter that may be next; 0: it may not
}

// foretell sets the codes of letters.
func (s *strand) foretell(t *tree) {
	for k, v := range []byte("ACGT") {
		if s.small {
			v |= 0x20
		}
		s.codes[k] = t.code[v]
	}
}

// live reports whether the next decision is about letters.
func (s *strand) live() bool { return s.codes[0]|s.codes[1]|s.codes[2]|s.codes[3] != 0 }

// learn learns that the decision was bit.
func (s *strand) learn(bit int) {
	for k, code := range s.codes {
		if s.codes[k] = code << 1; code>>31 != uint32(bit) || code<<1 == 1<<31 {
			s.codes[k] = 0
		}
	}
}
