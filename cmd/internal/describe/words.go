package describe

import (
	"fmt"
	"math/bits"
	"strconv"
	"strings"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
)

// A component says what a component of predictors does, in words, and of what kind the data of a source are.
type component struct {
	say     string   // with # for the first number
	choices []string // say for each first number, from 0; "" if that may not be
	numbers int      // of its list, at least
	text    func(n *dsl.Node) string
	kind    string // "" if it is no source
}

// components is the table of components. Each has one of say, choices and text.
var components = [...]component{
	dsl.Signed:   {text: sourceWords, kind: plan.KindSamples},
	dsl.Unsigned: {text: sourceWords, kind: plan.KindSamples},
	dsl.Floating: {text: sourceWords, kind: plan.KindSamples},
	dsl.IBM:      {text: sourceWords, kind: plan.KindSamples},
	dsl.Packed12: {text: sourceWords, kind: plan.KindSamples},
	dsl.Fixed:    {say: "in fixed point, of # bits under the exponent of the channel"},
	dsl.OLS:      {numbers: 3, text: olsWords},
	dsl.NLMS:     {say: "what is left: a filter of the # before, which learns from each error"},
	dsl.Code:     {text: codeWords},

	dsl.Framed:   {text: framedWords, kind: plan.KindRecords},
	dsl.Contexts: {text: maskWords},
	dsl.Experts:  {text: maskWords},

	dsl.Bytes:      {say: "bytes of any kind, foretold by a mixture of contexts", kind: plan.KindBytes},
	dsl.Order:      {text: orderWords},
	dsl.Masked:     {text: maskedWords},
	dsl.Word:       {choices: []string{"what continued the word", "what continued the word after this word before", "what continued the word, and the second word before", "what continued the word after these two", "what continued the word after this byte"}},
	dsl.Followed:   {choices: []string{"", "what followed the last byte the last two times", "what followed the last two bytes the last two times", "what followed the last two bytes the last two times, and the last byte"}},
	dsl.Column:     {text: columnWords},
	dsl.Above:      {text: aboveWords},
	dsl.Nucleotide: {say: "what came after the same # letters of ACGT, on both strands"},
	dsl.Opcode:     {say: "the place in instructions of # bytes, and the instruction so far"},
	dsl.Foretold:   {choices: []string{"the byte that the longest match foretells, and how sure that is", "the byte that the longest match foretells, and the last byte", "the byte that the longest match foretells, how sure that is, and the last byte"}},
	dsl.Repeated:   {say: "the last byte and how often it came in a row"},

	dsl.Match: {say: "what followed when the same # bytes or more came last"},
	dsl.Mixed: {text: mixedWords},
}

// componentOf returns the row of op.
func componentOf(op dsl.Op) (c component) {
	if int(op) < len(components) {
		c = components[op]
	}
	return c
}

// isKnown reports whether c is the row of a component.
func (c *component) isKnown() bool { return c.say != "" || len(c.choices) > 0 || c.text != nil }

// ComponentWords says in a short phrase what a component of a predictor does.
func ComponentWords(n *dsl.Node) string {
	c := componentOf(n.Op)
	k := int(n.Nums[0])
	switch {
	case !c.isKnown() || len(n.List) < c.numbers || len(c.choices) > 0 && (k < 0 || k >= len(c.choices) || c.choices[k] == ""):
		return "a component that is not valid"
	case len(c.choices) > 0:
		return c.choices[k]
	case c.text != nil:
		return c.text(n)
	}
	return strings.Replace(c.say, "#", strconv.Itoa(k), 1)
}

// plural returns n and what is counted, such as 1 row or 2 rows.
func plural(n int64, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %ss", n, one)
}

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

// sourceNames are the numbers of sources.
var sourceNames = map[dsl.Op]string{
	dsl.Signed: "numbers with a sign", dsl.Unsigned: "numbers without a sign", dsl.Floating: "floating-point numbers", dsl.IBM: "floating-point numbers of IBM mainframes",
}

func sourceWords(n *dsl.Node) string {
	if n.Op == dsl.Packed12 {
		return "12-bit numbers, two in 3 bytes" + inChannels(n)
	}
	w, order := int64(n.Nums[0]), ""
	if w < -1 {
		order = "big-endian "
	}
	return fmt.Sprintf("%d-bit %s%s%s", 8*max(w, -w), order, sourceNames[n.Op], inChannels(n))
}

func maskWords(n *dsl.Node) string {
	count := int64(maskBits(n.Nums[0]))
	if n.Op == dsl.Experts {
		return "columns continued in " + plural(count, "way")
	}
	return "what came in " + plural(count, "context") + " of bytes above and before"
}

func maskedWords(n *dsl.Node) string {
	return fmt.Sprintf("what came after the last %d bytes, of some bits each", len(n.List))
}

func aboveWords(n *dsl.Node) string { return "bytes above and beside, " + rowWords(n.Nums[0]) }

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
	contexts, values := int64(maskBits(n.Nums[0])), int64(maskBits(n.Nums[1]))
	switch {
	case contexts+values == 0:
		return "how wrong that was, by the scale of errors of late"
	case values == 0:
		return "how wrong that was, by " + plural(contexts, "context") + " of errors of late"
	case contexts == 0:
		return "how wrong that was, by " + plural(values, "context") + " of values"
	}
	return fmt.Sprintf("how wrong that was, by %s of errors of late and %d of values", plural(contexts, "context"), values)
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
	case len(n.List) < frameNumbers || n.List[frameHead] <= 0:
		return "bytes without records"
	case n.List[frameElement] == 0:
		return fmt.Sprintf("records of %s", plural(int64(len(n.List)-frameNumbers-int(n.List[frameKeys]))/3, "kind"))
	}
	return fmt.Sprintf("records that state their length in heads of %s", plural(int64(n.List[frameHead]), "byte"))
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
