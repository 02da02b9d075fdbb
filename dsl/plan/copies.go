package plan

import (
	"encoding/binary"
	"math/bits"
)

const (
	findStep = 8  // positions are entered into the table one in so many, if least allows it
	findLog  = 20 // log2 of the most entries of the table: 4 MiB
)

// FindCopies returns copies of at least least bytes of which src is made, the rest being
// literals: from left to right, each as long as it can be. It takes a few nanoseconds a
// byte, so it sees only what repeats more than least bytes by a few.
func FindCopies(src []byte, least int) (copies []Copy) {
	f := copyFinder{src: src, least: least}
	f.width = min(max(least/2, 4), 8)
	f.step = min(max(least-f.width+1, 1), findStep)
	f.shift = 64 - min(max(bits.Len(uint(len(src)/f.step)), 8), findLog)
	f.table = make([]uint32, 1<<(64-f.shift))
	return f.find()
}

// A copyFinder finds strings that came before by their hash.
type copyFinder struct {
	src   []byte
	least int      // bytes of a copy
	width int      // bytes that are hashed, 4 to 8
	step  int      // of the positions in the table
	table []uint32 // 1 + the last position of each hash; 0: none
	shift int      // from a product to a hash
}

// at returns the entry of the string at position i.
func (f *copyFinder) at(i int) *uint32 {
	x := binary.LittleEndian.Uint64(f.src[i:]) << (64 - 8*f.width)
	return &f.table[x*0x9E3779B97F4A7C15>>f.shift] // the golden ratio
}

func (f *copyFinder) find() (copies []Copy) {
	done, entered := 0, 0 // src[:done] is made; src[:entered] is in the table
	for i := 0; i+8 <= len(f.src); i++ {
		for ; entered < i; entered += f.step {
			*f.at(entered) = uint32(entered + 1)
		}
		from := int(*f.at(i)) - 1
		if from < 0 {
			continue
		}
		back := 0
		for i-back > done && from-back > 0 && f.src[i-back-1] == f.src[from-back-1] {
			back++
		}
		length := back + Common(f.src[from:], f.src[i:])
		if length < f.least {
			continue
		}
		start := i - back
		copies = append(copies, Copy{uint32(start - done), uint32(length), uint32(i - from)})
		done = start + length
		i = done - 1
		if length > 1<<12 { // what repeats so long need not be entered twice
			entered = max(entered, done-(1<<12))
		}
	}
	return copies
}

// Common returns how many bytes a and b have in common at their starts; b must not be longer
// than a. Package deflate, which imports nothing of this module, has the same function.
func Common(a, b []byte) (n int) {
	for len(b)-n >= 8 {
		if x := binary.LittleEndian.Uint64(a[n:]) ^ binary.LittleEndian.Uint64(b[n:]); x != 0 {
			return n + bits.TrailingZeros64(x)>>3
		}
		n += 8
	}
	for n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}
