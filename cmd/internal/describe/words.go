package describe

import (
	"fmt"
	"math/bits"
	"strings"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
)

// A component says what a component of predictors does, in words, and of what kind the data of a source are.
type component struct {
	numbers int // of its list, at least
	words   func(n *dsl.Node) string
	kind    func(n *dsl.Node) string // nil if it is no source
}

// components is the table of components.
var components = map[dsl.Op]component{
	dsl.Signed:   {words: sourceWords("numbers with a sign"), kind: constant(plan.KindSamples)},
	dsl.Unsigned: {words: sourceWords("numbers without a sign"), kind: constant(plan.KindSamples)},
	dsl.Floating: {words: sourceWords("floating-point numbers"), kind: constant(plan.KindSamples)},
	dsl.IBM:      {words: sourceWords("floating-point numbers of IBM mainframes"), kind: constant(plan.KindSamples)},
	dsl.Packed12: {words: packedWords, kind: constant(plan.KindSamples)},
	dsl.Fixed:    {words: numberWords("in fixed point, of %d bits under the exponent of the channel")},
	dsl.OLS:      {numbers: 3, words: olsWords},
	dsl.NLMS:     {words: numberWords("what is left: a filter of the %d before, which learns from each error")},
	dsl.Code:     {words: codeWords},

	dsl.Framed: {words: framedWords, kind: framedKind},
	dsl.Contexts: {words: func(n *dsl.Node) string {
		return of(maskBits(n.Nums[0]), "what came in", "context") + " of bytes above and before"
	}},
	dsl.Experts: {words: func(n *dsl.Node) string { return of(maskBits(n.Nums[0]), "columns continued in", "way") }},

	dsl.Bytes: {words: constant("bytes of any kind, foretold by a mixture of contexts"), kind: constant(plan.KindBytes)},
	dsl.Order: {words: orderWords},
	dsl.Masked: {words: func(n *dsl.Node) string {
		return fmt.Sprintf("what came after the last %d bytes, of some bits each", len(n.List))
	}},
	dsl.Word:       {words: choice("what continued the word", "what continued the word after this word before", "what continued the word, and the second word before", "what continued the word after these two", "what continued the word after this byte")},
	dsl.Followed:   {words: choice("", "what followed the last byte the last two times", "what followed the last two bytes the last two times", "what followed the last two bytes the last two times, and the last byte")},
	dsl.Column:     {words: columnWords},
	dsl.Above:      {words: func(n *dsl.Node) string { return "bytes above and beside, " + rowWords(n.Nums[0]) }},
	dsl.Nucleotide: {words: numberWords("what came after the same %d letters of ACGT, on both strands")},
	dsl.Opcode:     {words: numberWords("the place in instructions of %d bytes, and the instruction so far")},
	dsl.Foretold:   {words: choice("the byte that the longest match foretells, and how sure that is", "the byte that the longest match foretells, and the last byte", "the byte that the longest match foretells, how sure that is, and the last byte")},
	dsl.Repeated:   {words: constant("the last byte and how often it came in a row")},

	dsl.Match: {words: numberWords("what followed when the same %d bytes or more came last")},
	dsl.Mixed: {words: mixedWords},
}

// ComponentWords says in a short phrase what a component of a predictor does.
func ComponentWords(n *dsl.Node) string {
	c, ok := components[n.Op]
	if !ok || len(n.List) < c.numbers {
		return "a component that is not valid"
	}
	return c.words(n)
}

// constant returns words that are always the same.
func constant(text string) func(*dsl.Node) string { return func(*dsl.Node) string { return text } }

// numberWords returns words with the first number in them.
func numberWords(format string) func(*dsl.Node) string {
	return func(n *dsl.Node) string { return fmt.Sprintf(format, n.Nums[0]) }
}

// choice returns the words that the first number chooses.
func choice(words ...string) func(*dsl.Node) string {
	return func(n *dsl.Node) string {
		if k := int(n.Nums[0]); k >= 0 && k < len(words) && words[k] != "" {
			return words[k]
		}
		return "a component that is not valid"
	}
}

// plural returns n and what is counted, such as 1 row or 2 rows.
func plural(n int64, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %ss", n, one)
}

// of returns text and a number of ones.
func of(n int, text, one string) string { return text + " " + plural(int64(n), one) }

// maskBits returns how many bits of x are 1.
func maskBits(x int32) int { return bits.OnesCount32(uint32(x)) }

// inChannels says which numbers take turns, and in rows of how many they stand.
func inChannels(n *dsl.Node) (text string) {
	if c := n.Nums[1]; c > 1 {
		text = fmt.Sprintf(", %d channels take turns", c)
	}
	if n.Nums[2] > 0 {
		text += fmt.Sprintf(", in rows of %d", n.Nums[2])
	}
	return text
}

// sourceWords returns words of numbers.
func sourceWords(name string) func(*dsl.Node) string {
	return func(n *dsl.Node) string {
		w := int64(n.Nums[0])
		order := ""
		if w < -1 {
			order = "big-endian "
		}
		return fmt.Sprintf("%d-bit %s%s%s", 8*max(w, -w), order, name, inChannels(n))
	}
}

func packedWords(n *dsl.Node) string { return "12-bit numbers, two in 3 bytes" + inChannels(n) }

func olsWords(n *dsl.Node) string {
	text := fmt.Sprintf("least squares: from the %d before", n.List[0])
	if n.List[1] > 0 {
		text += fmt.Sprintf(", %d of each other channel", n.List[1])
	}
	if n.List[2] > 0 {
		text += fmt.Sprintf(", neighbors up to %d rows above", n.List[2])
	}
	return text + fmt.Sprintf("; solved anew every %d", n.Nums[1])
}

func codeWords(n *dsl.Node) string {
	contexts, values := maskBits(n.Nums[0]), maskBits(n.Nums[1])
	if contexts+values == 0 {
		return "how wrong that was, by the scale of errors of late"
	}
	text := "how wrong that was"
	if contexts > 0 {
		text += ", by " + plural(int64(contexts), "context") + " of errors of late"
	}
	if values > 0 {
		text += ", by " + plural(int64(values), "context") + " of values"
	}
	return text
}

// Places in the list of a Framed, as package codec has them.
const (
	frameHead, frameElement, frameKeys, frameNumbers = 0, 2, 6, 7
)

func framedWords(n *dsl.Node) string {
	switch {
	case n.Nums[1] > 0 && n.Nums[1] <= 8:
		return fmt.Sprintf("numbers or records of %s", plural(int64(n.Nums[1]), "byte"))
	case n.Nums[1] > 0:
		return fmt.Sprintf("records of %s", plural(int64(n.Nums[1]), "byte"))
	case framedKind(n) != plan.KindRecords:
		return "bytes without records"
	case n.List[frameElement] == 0:
		return fmt.Sprintf("records of %s", plural(int64(len(n.List)-frameNumbers-int(n.List[frameKeys]))/3, "kind"))
	}
	return fmt.Sprintf("records that state their length in heads of %s", plural(int64(n.List[frameHead]), "byte"))
}

func framedKind(n *dsl.Node) string {
	if n.Nums[1] > 0 || len(n.List) >= frameNumbers && n.List[frameHead] > 0 {
		return plan.KindRecords
	}
	return plan.KindBytes
}

func orderWords(n *dsl.Node) string {
	switch n.Nums[0] {
	case 0:
		return "how often each byte comes"
	case 1:
		return "what came after the same byte"
	}
	return fmt.Sprintf("what came after the same %d bytes", n.Nums[0])
}

// rowWords names rows of a width.
func rowWords(width int32) string {
	switch width {
	case 0:
		return "in lines of text"
	case 1:
		return "in fields of lines of text"
	}
	return fmt.Sprintf("in rows of %d bytes", width)
}

func columnWords(n *dsl.Node) string {
	text := "the place " + rowWords(n.Nums[0])
	if n.Nums[1] > 0 {
		text += ", and the last " + strings.TrimPrefix(plural(int64(n.Nums[1]), "byte"), "1 ")
	}
	return text
}

func mixedWords(n *dsl.Node) string {
	unit, size := "KiB", int64(1)<<max(n.Nums[0]-10, 0)
	if n.Nums[0] >= 20 {
		unit, size = "MiB", int64(1)<<min(n.Nums[0]-20, 30)
	}
	return fmt.Sprintf("all of these, mixed by weights that learn, in %d %s", size, unit)
}
