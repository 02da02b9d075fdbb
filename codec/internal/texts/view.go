package texts

// A view is what contexts look at: what came before the byte under way.
type view struct {
	b    []byte
	i    int    // where the byte is
	past uint64 // the last eight bytes, the last one in the least significant place

	again, other uint8 // how often the last byte came again in a row, at most 255, and the byte before these

	word  uint32    // hash of the letters since the last byte that is none; 0: there are none
	words [2]uint32 // hashes of the words before, the last one first

	after1 [256]uint16     // by the last byte, the two that followed it last
	after2 [1 << 16]uint16 // by the last two bytes

	told, sure int32  // the byte that the longest match foretells, plus 1, and the class of its length; 0: none does
	lines      [4]int // where the line under way begins, and those before it
	field      int    // number of the field in the line
	from       int    // where it begins
	fields     [2][maxFields]int32
}

// maxFields is how many fields of a line are told apart.
const maxFields = 64

// reset begins before the first byte.
func (v *view) reset(b []byte) {
	*v = view{b: b}
	for k := range v.lines {
		v.lines[k] = -1
	}
	v.lines[0] = 0
	v.forget()
}

// forget begins a line: of the line before, fields stay.
func (v *view) forget() {
	v.fields[1], v.field = v.fields[0], 0
	for k := range v.fields[0] {
		v.fields[0][k] = -1
	}
	v.fields[0][0] = int32(v.from)
}

// Constants of hashes: odd, and without a pattern (the golden ratio, and primes of xxHash).
const (
	golden   = 0x9E3779B1
	golden64 = 0x9E3779B97F4A7C15
	prime2   = 0x85EBCA77
	prime3   = 0xC2B2AE3D
)

// move learns the byte under way, and moves to the next one.
func (v *view) move() {
	c := v.b[v.i]
	one, two := &v.after1[byte(v.past)], &v.after2[uint16(v.past)]
	*one, *two = *one<<8|uint16(c), *two<<8|uint16(c)
	if last := byte(v.past); c != last {
		v.again, v.other = 0, last
	} else if v.again < 255 {
		v.again++
	}
	v.past = v.past<<8 | uint64(c)
	v.i++
	switch low := c | 0x20; {
	case low >= 'a' && low <= 'z' || c >= 0x80:
		v.word = (v.word + uint32(low) + 1) * golden
		v.word ^= v.word >> 15
	case c >= '0' && c <= '9':
		v.word = (v.word + 1) * prime2
	case v.word != 0:
		v.words[1], v.words[0], v.word = v.words[0], v.word, 0
	}
	switch c {
	case '\n':
		copy(v.lines[1:], v.lines[:])
		v.lines[0], v.from = v.i, v.i
		v.forget()
	case ',', ';', '\t', ' ', '|':
		v.from = v.i
		v.field = min(v.field+1, maxFields-1)
		v.fields[0][v.field] = int32(v.i)
	}
}

// at returns a byte before, 0 if there is none.
func (v *view) at(i int) uint32 {
	if uint(i) < uint(v.i) {
		return uint32(v.b[i])
	}
	return 0
}

// column returns the place in rows of a width.
func (v *view) column(width int) int {
	switch width {
	case Lines:
		return v.i - v.lines[0]
	case Fields:
		return (v.i-v.from)&0xff | v.field<<8
	}
	return v.i % width
}

// above returns where the byte so many rows above is, -1 if nowhere.
func (v *view) above(width, rows int) int {
	switch width {
	case Lines:
		if at := v.lines[rows] + v.i - v.lines[0]; v.lines[rows] >= 0 && at < v.lines[rows-1] {
			return at
		}
		return -1
	case Fields:
		if from := v.fields[1][v.field]; rows == 1 && from >= 0 {
			return min(int(from)+v.i-v.from, v.lines[0]-1)
		}
		return -1
	}
	return v.i - rows*width
}
