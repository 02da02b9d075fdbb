package predictors

import (
	"bytes"
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// A start is where a search for a mixture begins: the most important components first.
type start []dsl.Node

// general serve any stream.
var general = []start{
	// Text: words, and what follows letters.
	{order(4), order(2), match(7), order(1), order(3), order(6), word(0), match(20), match(4), foretold(2), word(1), order(5), followed(2), order(0)},
	// Markup, code and tables of text: places in lines and fields as well.
	{order(4), order(2), match(6), order(1), order(3), order(6), word(0), match(20), foretold(2), column(lines, 1), above(fields, north|place), followed(2), order(0), match(4)},
	// Machine code and other binary data.
	{order(3), order(2), match(6), order(1), order(4), masked(0, 255), foretold(2), followed(2), opcode(4), order(6), masked(0xf8, 0xf0, 0xff), column(4, 0), order(0), match(20), match(4)},
}

// starts returns where a search for a mixture for a stream with traits n begins.
func starts(n *traits) (list []start) {
	if n.nucleic() {
		return []start{{
			order(2), nucleotide(12), nucleotide(16), match(20), nucleotide(11), nucleotide(20), order(6), nucleotide(8), order(3), match(32),
			nucleotide(3), nucleotide(18), order(1), match(11), nucleotide(6), column(lines, 0),
		}}
	}
	list = slices.Clone(general)
	for _, w := range n.widths {
		list = append(list, start{
			above(w, west|north), order(1), above(w, west|north|northWest|northEast), column(w, 1), match(8), order(2), above(w, north|north2),
			above(w, north|place), order(3), above(w, west|westWest|north|northWest|northEast|north2), followed(2), foretold(2), match(20),
		})
	}
	return list
}

// Traits are what bytes are like.
type traits struct {
	size   int
	counts [256]int
	widths []int // of rows, in bytes, the most likely one first
}

func traitsOf(stream []byte) (n traits) {
	n.size = len(stream)
	for _, c := range stream {
		n.counts[c]++
	}
	n.widths = widths(stream)
	return n
}

// nucleic reports whether nearly all bytes are letters of nucleic acids or end lines.
func (n *traits) nucleic() bool {
	letters := 0
	for _, c := range []byte("ACGTacgtNn\n\r") {
		letters += n.counts[c]
	}
	return letters > n.size-n.size/nucleicShare && n.counts['\n'] < n.size/8
}

// nucleicShare: of a sequence of nucleic acids, one byte in so many may be of a head. Arbitrary.
const nucleicShare = 16

const (
	maxWidth    = 4096    // bytes of the longest row that is looked for; arbitrary
	widthPlaces = 8 << 10 // at which bytes are compared with those a row before
	maxWidths   = 2       // of rows that are tried; arbitrary
)

// widths returns the lengths of rows that stream seems to have: those by which most bytes, of those that
// differ from the byte before, are the same as above.
func widths(stream []byte) (list []int) {
	most := min(maxWidth, len(stream)/8)
	if most < 2 {
		return nil
	}
	var changes []int // places
	step := coprime(max((len(stream)-most)/(4*widthPlaces), 1))
	for i := most; i < len(stream) && len(changes) < widthPlaces; i += step {
		if stream[i] != stream[i-1] {
			changes = append(changes, i)
		}
	}
	same := make([]int, most+1)
	sum := 0
	for w := 2; w <= most; w++ {
		for _, i := range changes {
			if stream[i] == stream[i-w] {
				same[w]++
			}
		}
		sum += same[w]
	}
	mean := sum / (most - 1)
	for len(list) < maxWidths {
		best := 0
		for w := 2; w <= most; w++ {
			// A multiple of a width must be clearly better than that.
			if same[w] > same[best] && !slices.ContainsFunc(list, func(x int) bool { return w%x == 0 }) {
				best = w
			}
		}
		if best == 0 || same[best]-mean < len(changes)/32 {
			break
		}
		for k := 2; k*2 <= best; k++ { // rather a divisor that is nearly as good
			if best%k == 0 && same[best/k]*8 >= same[best]*7 {
				best = best / k
				break
			}
		}
		list = append(list, best)
		same[best] = 0
	}
	return list
}

// pool returns the components that a search tries to add, for a stream with traits n, those first that help most
// often: of what they are rows of, and words, then of bytes before.
func pool(n *traits) (list []dsl.Node) {
	for _, w := range n.widths {
		for _, n := range []int{north, north | place, north | west, north | north2, west | north | northWest, west | westWest | north | northWest | northEast, west | westWest | north | northWest | northEast | north2, north | north2 | north3} {
			list = append(list, above(w, n))
		}
		list = append(list, column(w, 1), column(w, 0), column(w, 2))
	}
	if n.printable() {
		list = append(list, word(0), word(2), word(3), foretold(0), above(fields, north|place), column(lines, 1), above(fields, north), word(1), column(fields, 2), column(fields, 1))
		list = append(list, word(4), above(lines, north), above(fields, north|west), column(lines, 0), column(fields, 0), column(lines, 2), above(lines, north|west))
	} else {
		list = append(list, column(4, 1), column(4, 0), opcode(4), repeated(1), opcode(2), column(2, 2), masked(0xf0, 0xf0, 0xf0, 0xf0), masked(0xc0, 0xc0, 0xc0, 0xc0, 0xc0, 0xc0))
	}
	list = append(list, foretold(2), masked(0xf0, 0xff), masked(0xf8, 0xf0, 0xff), masked(0, 0, 255), order(2), order(4), order(6), order(0), order(3), order(1))
	list = append(list, followed(2), followed(1), masked(0, 255), foretold(0), foretold(1), masked(0, 255, 255), masked(0, 255, 255, 255), masked(0, 0, 255, 255), order(5), followed(3), repeated(2), order(7), order(8))
	return list
}

// printable reports whether nearly all bytes are printed.
func (n *traits) printable() bool {
	other := 0
	for c := range 32 {
		if bytes.IndexByte([]byte("\t\n\r\f"), byte(c)) < 0 {
			other += n.counts[c]
		}
	}
	return other < n.size/16
}
