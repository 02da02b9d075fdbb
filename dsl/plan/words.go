package plan

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan/internal/code"
)

// What operations do, in the words of those who know the data.

// A wording says what an operation does.
type wording struct {
	// kind is what kind of data the operation is for; "" if it serves many.
	kind string
	// say is what a valid operation does. In it {w} stands for elements and {f} for floating-point numbers of the type that
	// the first number is, {k} for number k, {k:byte} for so many bytes.
	say string
	// text says it if it takes more; user is the first node that takes the list of n, nil if none does.
	text func(n, user *dsl.Node) string
	// roles say what the two lists are.
	roles [2]string
}

// of returns the words of the valid node n.
func (w *wording) of(n, user *dsl.Node) string {
	if w.text != nil {
		return w.text(n, user)
	}
	var b strings.Builder
	for say := w.say; ; {
		before, verb, more := strings.Cut(say, "{")
		b.WriteString(before)
		if !more {
			return b.String()
		}
		verb, say, _ = strings.Cut(verb, "}")
		switch name, one, counted := strings.Cut(verb, ":"); {
		case name == "w":
			b.WriteString(elementWords(n.Nums[0]))
		case name == "f":
			b.WriteString(floatWords(n.Nums[0]))
		case counted:
			b.WriteString(plural(int(n.Nums[name[0]-'0']), one))
		default:
			b.WriteString(strconv.Itoa(int(n.Nums[name[0]-'0'])))
		}
	}
}

// Kinds of data.
const (
	KindBytes    = "other bytes"
	KindRepeated = "what repeats"
	KindNumbers  = "numbers"
	KindSamples  = "sampled numbers"
	KindImages   = "images"
	KindMeshes   = "meshes of triangles"
	KindRecords  = "records"
	KindCode     = "machine code"
	KindLetters  = "text of few letters"
	KindRows     = "rows of text"
)

// ranks has the kinds of data, those that tell less before those that tell more.
var ranks = []string{"", KindRepeated, KindNumbers, KindSamples, KindImages, KindMeshes, KindRecords, KindCode, KindLetters, KindRows}

// Words says in a short phrase what line i of the plan p does. It is never empty, and says so if the
// line is none, or not valid.
func Words(p *dsl.Program, i int) string {
	if i < 0 || i >= len(p.Nodes) {
		return "no line of the plan"
	}
	n := &p.Nodes[i]
	switch {
	case rowOf(n.Op) == nil:
		return "an operation that is not for plans"
	case check(n) != nil:
		return "numbers that the operation cannot have"
	}
	return wordings[n.Op].of(n, userOf(p, i))
}

// userOf returns the first node of p that takes the list of node i; nil if none does.
func userOf(p *dsl.Program, i int) *dsl.Node {
	for k := i + 1; k < len(p.Nodes); k++ {
		n := &p.Nodes[k]
		for _, ref := range n.Refs[:listsOf(n)] {
			if ref == i {
				return n
			}
		}
	}
	return nil
}

// listsOf returns how many lists n takes; 0 if it is not for plans.
func listsOf(n *dsl.Node) int {
	if rowOf(n.Op) == nil {
		return 0
	}
	return n.Op.Lists()
}

// plural returns n and what is counted, such as 1 row or 2 rows.
func plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %ss", n, one)
}

// elementWords names elements of type w.
func elementWords(w int32) string { return elementsNamed(w, "number") + "s" }

// elementsNamed names an element of type w that is a number, or what name says.
func elementsNamed(w int32, name string) string {
	switch {
	case w == 1 && name == "number":
		return "byte"
	case w < 0:
		return fmt.Sprintf("%d-bit big-endian %s", -8*int(w), name)
	}
	return fmt.Sprintf("%d-bit %s", 8*int(w), name)
}

// maxNamedChannels is how many numbers that take turns are called channels; more are called a row, since
// what repeats after so many is as often a record or a line of an image. Arbitrary.
const maxNamedChannels = 16

// turns says that numbers are alike at this distance, which is not 1.
func turns(distance int32) string {
	if distance <= maxNamedChannels {
		return fmt.Sprintf("%d channels take turns", distance)
	}
	return fmt.Sprintf("rows of %d", distance)
}

// inTurns adds to text that numbers are alike at this distance.
func inTurns(text string, distance int32) string {
	if distance == 1 {
		return text
	}
	return text + " (" + turns(distance) + ")"
}

// shapes are coefficients of a Predict without a shift that have a name, each with its words.
var shapes = []struct {
	pairs []int32 // distance, coefficient, …
	words string
}{
	{[]int32{1, 1}, "differences of %s"},
	{[]int32{1, 2, 2, -1}, "%s, each less the line through the two before it"},
	{[]int32{1, 3, 2, -3, 3, 1}, "%s, each less the parabola through the three before it"},
}

// predictWords recognizes some shapes of coefficients, also if all distances are multiples of one, and else says how
// far a prediction reaches.
func predictWords(n, _ *dsl.Node) string {
	numbers, list := elementWords(n.Nums[0]), n.List
	if len(list) == 0 {
		return numbers + " as they are"
	}
	if n.Nums[1] == 0 {
		for _, s := range shapes {
			if isShape(list, s.pairs, list[0]) {
				return inTurns(fmt.Sprintf(s.words, numbers), list[0])
			}
		}
		if near, far, ok := planeOf(list); ok {
			return fmt.Sprintf("%s in rows of %d, each less the plane through those left, above and between%s", numbers, far, besides(near))
		}
	}
	var distances []int32
	for k := 0; k < len(list); k += 2 {
		distances = append(distances, list[k])
	}
	return numbers + ", each predicted from " + reach(distances)
}

// besides says how far those beside a number are if they are not the next ones.
func besides(distance int32) string {
	if distance == 1 {
		return ""
	}
	return fmt.Sprintf(" (left: %d before)", distance)
}

// isShape reports whether list has the pairs of a shape, their distances times base.
func isShape(list, pairs []int32, base int32) bool {
	if len(list) != len(pairs) {
		return false
	}
	for k := 0; k < len(list); k += 2 {
		if int64(list[k]) != int64(pairs[k])*int64(base) || list[k+1] != pairs[k+1] {
			return false
		}
	}
	return true
}

// planeOf returns the two distances of a plane through three neighbors; ok is false if the three pairs
// of list are none.
func planeOf(list []int32) (near, far int32, ok bool) {
	if len(list) != 6 {
		return 0, 0, false
	}
	var plus []int32
	corner := int64(0)
	for k := 0; k < len(list); k += 2 {
		switch list[k+1] {
		case 1:
			plus = append(plus, list[k])
		case -1:
			corner = int64(list[k])
		}
	}
	if len(plus) != 2 || int64(plus[0])+int64(plus[1]) != corner {
		return 0, 0, false
	}
	return min(plus[0], plus[1]), max(plus[0], plus[1]), true
}

// reach says where the numbers are that predict one, at these distances. There is at least one.
func reach(distances []int32) string {
	base, farthest := distances[0], int32(0)
	for _, d := range distances {
		base, farthest = divisor(base, d), max(farthest, d)
	}
	count := len(distances)
	switch {
	case count == 1 && base == 1:
		return "the one before it"
	case count == 1:
		return fmt.Sprintf("the one %d before it", base)
	case int64(farthest) == int64(base)*int64(count):
		return inTurns(fmt.Sprintf("the %d before it", count), base)
	}
	return fmt.Sprintf("%d before it, up to %d away", count, farthest)
}

func mixWords(n, _ *dsl.Node) string {
	channels, across, most := int32(mixChannels(n)), "", 0
	for list := n.List; len(list) > 0; list = list[1+2*list[0]:] {
		most = max(most, int(list[0]))
		for k := range list[0] {
			if list[1+2*k]%channels != 0 {
				across = ", of any channel"
			}
		}
	}
	numbers := elementWords(n.Nums[0])
	if channels == 1 {
		return fmt.Sprintf("%s, each predicted from %d before it", numbers, most)
	}
	return fmt.Sprintf("%d channels of %s that take turns, each predicted from at most %s before it%s", channels, numbers, plural(most, "number"), across)
}

func lmsWords(n, _ *dsl.Node) string {
	text := fmt.Sprintf("%s, each predicted by a filter that adapts, from %s", elementWords(n.Nums[0]), reach(n.List))
	if sets := n.Nums[1]; sets > 1 && !strings.Contains(text, turns(sets)) {
		text += fmt.Sprintf(", one for each of %s", plural(int(sets), "channel"))
	}
	return text
}

// planarWords says what the prediction of n takes for an image.
func planarWords(n, _ *dsl.Node) string {
	pixel, row := n.Nums[1], n.Nums[2]
	size := fmt.Sprintf("rows of %d %s", row, elementWords(n.Nums[0]))
	if pixel <= maxNamedChannels && row > pixel && row%pixel == 0 {
		size = fmt.Sprintf("%d pixels a row", row/pixel)
		if pixel > 1 || n.Nums[0] != 1 {
			size += ", each of " + plural(int(pixel), elementsNamed(n.Nums[0], "number"))
		}
	}
	return fmt.Sprintf("an image with %s, less what their neighbors predict (%s)", size, n.Op)
}

func scanXorWords(n, _ *dsl.Node) string {
	text := "the one before it"
	if n.Nums[1] > 1 {
		text = fmt.Sprintf("the one %d before it", n.Nums[1])
	}
	return fmt.Sprintf("%s, each exclusive or %s", elementWords(n.Nums[0]), text)
}

// floatWords names floating-point numbers of type w.
func floatWords(w int32) string { return elementsNamed(w, "floating-point number") + "s" }

func scaledWords(n, _ *dsl.Node) string {
	factor := fmt.Sprintf("%d/%d", n.Nums[1], n.Nums[2])
	switch {
	case n.Nums[1] == n.Nums[2]:
		return floatWords(n.Nums[0]) + " that are integers, as these"
	case n.Nums[2] == 1:
		factor = fmt.Sprint(n.Nums[1])
	case n.Nums[1] == 1:
		factor = fmt.Sprintf("1/%d", n.Nums[2])
	}
	return fmt.Sprintf("%s that are %s times an integer, as that integer", floatWords(n.Nums[0]), factor)
}

func multiplesWords(n, _ *dsl.Node) string {
	text := fmt.Sprintf("%s that are multiples of %d", elementWords(n.Nums[0]), max(n.Nums[1], -n.Nums[1]))
	if n.Nums[2] > 0 {
		text += fmt.Sprintf(" and %d more", n.Nums[2])
	}
	return text + ", as the quotient"
}

func convertedWords(n, _ *dsl.Node) string {
	if n.Nums[1] == IBMFloat {
		return "floating-point numbers of IBM mainframes, as those of IEEE 754"
	}
	name := [IBMFloat]string{"packed decimals", "packed decimals, the low digit first", "packed decimals with the sign C or D", "packed decimals with the sign F or D"}[n.Nums[1]]
	return fmt.Sprintf("%s of %s, as the numbers that they stand for", name, plural(elementBytes(n), "byte"))
}

func branchesWords(n, _ *dsl.Node) string {
	return fmt.Sprintf("machine code (%s), whose calls name addresses instead of distances", code.Name(int(n.Nums[0])))
}

func lettersWords(n, _ *dsl.Node) string {
	k, _ := letterBits(n) // it is valid
	text := fmt.Sprintf("text of %d letters, %s each", len(n.List), plural(k, "bit"))
	var letters []byte
	for _, c := range n.List {
		letters = append(letters, byte(c))
	}
	if len(letters) <= 1<<4 {
		text += ": " + strings.Trim(dsl.Quote(string(letters)), `"`)
	}
	return text
}

func linesWords(n, _ *dsl.Node) string {
	return fmt.Sprintf("%s of text by %s", plural(int(n.Nums[1]), "row"), plural(sum(n.List), "template"))
}

// hasElements has the operations whose first number is the type of the elements of their argument.
var hasElements = [...]bool{
	dsl.Predict: true, dsl.Paeth: true, dsl.Median: true, dsl.Zigzag: true, dsl.ScanXor: true, dsl.Floats: true,
	dsl.LMS: true, dsl.Mix: true, dsl.Scaled: true, dsl.Multiples: true, dsl.Converted: true,
}

// elementOf returns the type of the elements of n; 0 if it has none.
func elementOf(n *dsl.Node) int32 {
	if int(n.Op) < len(hasElements) && hasElements[n.Op] {
		return n.Nums[0]
	}
	return 0
}

func transposeWords(n, user *dsl.Node) string {
	w, columns := n.Nums[0], n.Nums[1]
	if user != nil && w == 1 && columns > 1 {
		switch element := elementOf(user); {
		case element == columns && columns == 2:
			return "low bytes first, then the high ones"
		case -element == columns && columns == 2:
			return "high bytes first, then the low ones"
		case element == columns:
			return fmt.Sprintf("the lowest of the %d bytes of all numbers first, the highest ones last", columns)
		case -element == columns:
			return fmt.Sprintf("the highest of the %d bytes of all numbers first, the lowest ones last", columns)
		}
	}
	switch {
	case w == 1:
		return fmt.Sprintf("rows of %s: all first bytes, then all second ones, …", plural(int(columns), "byte"))
	case columns <= maxNamedChannels:
		return fmt.Sprintf("%s of %s, one after the other", plural(int(columns), "channel"), groupWords(w))
	}
	return fmt.Sprintf("rows of %d %s, column by column", columns, groupWords(w))
}

// groupWords names groups of w bytes.
func groupWords(w int32) string {
	switch w {
	case 2, 4, 8:
		return elementWords(w)
	}
	return fmt.Sprintf("groups of %d bytes", w)
}

func packWords(n, _ *dsl.Node) string {
	p, _ := packingOf(n) // it is valid
	return fmt.Sprintf("samples of %d bits, packed without gaps", p.bits)
}
