package text

import (
	"github.com/ktzip/ktzip/dsl/plan"
)

// Text of few letters: bits, DNA, RNA, bytes in hexadecimal and in base64 (RFC 4648).

const (
	upper, lower, decimal = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz", "0123456789"

	// longRun is how many letters a run has at least to count, and longShare the part of a text that
	// such runs must be, one in so many. Words are shorter. Arbitrary.
	longRun, longShare = 24, 16

	// lettersDetour is what packed letters may take more, in percent: they may have a plan. Arbitrary.
	lettersDetour = 25

	// lettersBytes is how much of a text tells which letters it has. Arbitrary.
	lettersBytes = 16 << 10
)

// alphabets are those of which runs are looked for; in the order of the attempts.
var alphabets = []string{
	"01", "ACGT", "ACGU", decimal + "abcdef", decimal + "ABCDEF",
	upper + lower + decimal + "+/", upper + lower + decimal + "-_",
}

// Letters returns the alphabet whose letters may make src shorter if they are packed; nil if there is
// none. An estimate is of what deflate takes for a stream, in bytes.
func Letters(src []byte, estimate func(stream []byte) int) (alphabet []int32) {
	b := pieces(src, lettersBytes)
	least := estimate(b) * (100 + lettersDetour) / 100
	for _, letters := range alphabets {
		if !hasRuns(b, letters) {
			continue
		}
		list := make([]int32, len(letters))
		for i, c := range []byte(letters) {
			list[i] = int32(c)
		}
		_, packed, runs, err := plan.LettersNode(b, list)
		if cost := estimate(packed) + estimate(runs); err == nil && cost < least {
			alphabet, least = list, cost
		}
	}
	return alphabet
}

// hasRuns reports whether much of b is long runs of letters.
func hasRuns(b []byte, letters string) bool {
	var is [256]bool
	for _, c := range []byte(letters) {
		is[c] = true
		if len(letters) == 4 {
			is[c|0x20] = true
		}
	}
	sum, length := 0, 0
	for _, c := range b {
		if is[c] {
			length++
			continue
		}
		if length >= longRun {
			sum += length
		}
		length = 0
	}
	if length >= longRun {
		sum += length
	}
	return sum*longShare >= len(b)
}

// pieces returns pieces of b, evenly spread, of size bytes together; all of fewer.
func pieces(b []byte, size int) (list []byte) {
	const count = 8
	if len(b) <= size {
		return b
	}
	for k := range count {
		from := (len(b) - size/count) * k / (count - 1)
		list = append(list, b[from:from+size/count]...)
	}
	return list
}
