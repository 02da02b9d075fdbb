package plan

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/ktzip/ktzip/dsl"
)

// TestOperationsHaveWords holds that each operation of plans has words, and roles if it takes two lists.
func TestOperationsHaveWords(t *testing.T) {
	for op := range dsl.Op(len(rows)) {
		if !op.In(dsl.Plan) {
			continue
		}
		w := wordings[op]
		if !slices.Contains(ranks, w.kind) {
			t.Errorf("%v is of the kind %q, which has no rank", op, w.kind)
		}
		if (w.text == nil) == (w.say == "") {
			t.Errorf("%v has no words, or two", op)
		}
		if two := op.Lists() == 2; two != (w.roles[0] != "") || two != (w.roles[1] != "") {
			t.Errorf("%v takes %d lists, and has the roles %q", op, op.Lists(), w.roles)
		}
	}
}

// TestWords holds what lines say.
func TestWords(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{"predict(sequence_1, 2, 0, [1, 1])", "differences of 16-bit numbers"},
		{"predict(sequence_1, 2, 0, [12, 1])", "differences of 16-bit numbers (12 channels take turns)"},
		{"predict(sequence_1, -4, 0, [23, 1])", "differences of 32-bit big-endian numbers (rows of 23)"},
		{"predict(sequence_1, 1, 0, [3, 2, 6, -1])", "bytes, each less the line through the two before it (3 channels take turns)"},
		{"predict(sequence_1, 1, 0, [1, 3, 2, -3, 3, 1])", "bytes, each less the parabola through the three before it"},
		{"predict(sequence_1, 2, 0, [1, 1, 640, 1, 641, -1])", "16-bit numbers in rows of 640, each less the plane through those left, above and between"},
		{"predict(sequence_1, 2, 0, [])", "16-bit numbers as they are"},
		{"predict(sequence_1, 2, 3, [1, 9])", "16-bit numbers, each predicted from the one before it"},
		{"predict(sequence_1, 2, 3, [2, 9, 4, 1, 6, -2])", "16-bit numbers, each predicted from the 3 before it (2 channels take turns)"},
		{"predict(sequence_1, 2, 3, [1, 9, 2, 1, 90, -2])", "16-bit numbers, each predicted from 3 before it, up to 90 away"},
		{"mix(sequence_1, 1, 12, [0, 1, 1, 4096, 1, 1, 4096])", "3 channels of bytes that take turns, each predicted from at most 1 number before it, of any channel"},
		{"mix(sequence_1, 2, 0, [1, 2, 1, 1, 2, 1])", "2 channels of 16-bit numbers that take turns, each predicted from at most 1 number before it"},
		{"lms(sequence_1, 2, 2, 8, [2, 4, 6])", "16-bit numbers, each predicted by a filter that adapts, from the 3 before it (2 channels take turns)"},
		{"lms(sequence_1, 2, 1, 8, [1, 2, 127])", "16-bit numbers, each predicted by a filter that adapts, from 3 before it, up to 127 away"},
		{"paeth(sequence_1, 1, 3, 384)", "an image with 128 pixels a row, each of 3 bytes, less what their neighbors predict (paeth)"},
		{"median(sequence_1, -2, 1, 512)", "an image with 512 pixels a row, each of 1 16-bit big-endian number, less what their neighbors predict (median)"},
		{"median(sequence_1, 1, 1, 512)", "an image with 512 pixels a row, less what their neighbors predict (median)"},
		{"median(sequence_1, 1, 2, 511)", "an image with rows of 511 bytes, less what their neighbors predict (median)"},
		{"zigzag(sequence_1, 2)", "16-bit numbers with their signs folded in: 0, -1, 1, -2, … become 0, 1, 2, 3, …"},
		{"scan_xor(sequence_1, 4, 3)", "32-bit numbers, each exclusive or the one 3 before it"},
		{"floats(sequence_1, 8)", "64-bit floating-point numbers as integers of the same order"},
		{"scaled(sequence_1, 4, 1, 1000)", "32-bit floating-point numbers that are 1/1000 times an integer, as that integer"},
		{"scaled(sequence_1, 8, 1, 1)", "64-bit floating-point numbers that are integers, as these"},
		{"multiples(sequence_1, 4, -257, 2)", "32-bit numbers that are multiples of 257 and 2 more, as the quotient"},
		{"converted(sequence_1, 4, 4)", "floating-point numbers of IBM mainframes, as those of IEEE 754"},
		{"converted(sequence_1, 4, 2)", "packed decimals with the sign C or D of 4 bytes, as the numbers that they stand for"},
		{"lookup(sequence_1, sequence_1, 4, 1)", "32-bit numbers of few values, by their place in a table"},
		{"distinct(sequence_1, sequence_1, 12, 2)", "groups of 12 bytes, of which many are the same: each different one once"},
		{"branches(sequence_1, 2, 0)", "machine code (x86-64), whose calls name addresses instead of distances"},
		{"letters(sequence_1, sequence_1, [65, 67, 71, 84])", "text of 4 letters, 2 bits each: ACGT"},
		{"lines(sequence_1, sequence_1, 10, 894, [11, 27])", "894 rows of text by 38 templates"},
		{"expand(sequence_1, sequence_1, 3, [1, 2, 3])", "copies of what came before, at any distance, between new bytes"},
		{"transpose(sequence_1, 1, 46)", "rows of 46 bytes: all first bytes, then all second ones, …"},
		{"transpose(sequence_1, 2, 2)", "2 channels of 16-bit numbers, one after the other"},
		{"transpose(sequence_1, 4, 23)", "rows of 23 32-bit numbers, column by column"},
		{"transpose(sequence_1, 1, 2); predict(sequence_2, 2, 0, [1, 1])", "low bytes first, then the high ones"},
		{"transpose(sequence_1, 1, 2); predict(sequence_2, -2, 0, [1, 1])", "high bytes first, then the low ones"},
		{"transpose(sequence_1, 1, 4); predict(sequence_2, 4, 0, [1, 1])", "the lowest of the 4 bytes of all numbers first, the highest ones last"},
		{"pack(sequence_1, -12, 2)", "samples of 12 bits, packed without gaps"},
		{"fields(sequence_1, [2, 3])", "records of 5 bytes in 2 fields, a column for each"},
		{"columns(sequence_1, [2, 1, 0, 3, 0, 0])", "records of 5 bytes with 2 fields, 1 of them predicted"},
		{"records(sequence_1, sequence_1, 2, [1, 0, 0, 5, 9])", "records of several kinds, told apart by byte 1 of their heads"},
		{"records(sequence_1, sequence_1, 2, [0, 2, 0])", "records that state their length at byte 0, those with the same 2 bytes together"},
		{"kinds(sequence_1, sequence_1, 1, [0, 0, 1, 0, 1, 0, 2, 7, 9, 0, 8, 9, 0])", "records of 2 kinds, told apart by their first byte"},
		{"kinds(sequence_1, sequence_1, 2, [0, 1, 1, 0, 1, 1, 0, 0, 6, 1, 2, 1, 0])", "records that state their length at byte 0, which tells their kind, 1 kind with fields of their own"},
		{"kinds(sequence_1, sequence_1, 6, [1, -2, 4, -3, 8, 2, 0, 5, 0, -1, 1, 5, 7, 0])", "records that state their length at byte 1 and their kind at byte 0 and 5, 1 kind with fields of their own"},
		{"add_item_list(sequence_1, 128)", "bytes, each plus 128"},
		{"payload(7)", "stream 7 as it is"},
		{"get_subsequence_between_indices(sequence_1, 0, 9)", "a list of 9 bytes"},
		{"paeth(sequence_1, 3, 1, 2)", "numbers that the operation cannot have"},
	} {
		p := planOf(t, c.line)
		if got := Words(p, 1); got != c.want {
			t.Errorf("%s: got\n%s, want\n%s", c.line, got, c.want)
		}
	}
}

// planOf returns a plan of lines after payload(0), separated by semicolons, the last one its output.
func planOf(t *testing.T, lines string) *dsl.Program {
	t.Helper()
	text, count := "sequence_1 = payload(0)\n", 1
	for line := range strings.SplitSeq(lines, ";") {
		count++
		text += fmt.Sprintf("sequence_%d = %s\n", count, strings.TrimSpace(line))
	}
	return mustParse(t, fmt.Sprintf("%soutput = sequence_%d", text, count))
}

// wantPhrase fails if text is no phrase.
func wantPhrase(t *testing.T, text string) {
	t.Helper()
	const most = 200 // bytes
	if text == "" || len(text) >= most || !utf8.ValidString(text) {
		t.Fatalf("%q is no phrase", text)
	}
}

// TestWordsOfAnything asks for words of plans, of nodes of any numbers, and of lines that are none.
func TestWordsOfAnything(t *testing.T) {
	r := newSampler(71)
	for range 2000 {
		streams := 0
		p := &dsl.Program{Nodes: r.plan(1+r.IntN(5), &streams)}
		p.Out = len(p.Nodes) - 1
		for range 3 {
			for i := -1; i <= len(p.Nodes); i++ {
				wantPhrase(t, Words(p, i))
			}
			n := &p.Nodes[r.IntN(len(p.Nodes))] // which becomes invalid
			n.Op = dsl.Op(r.IntN(256))
			n.Nums = [3]int32{r.number(), r.Int32(), math.MinInt32}
			for range r.IntN(5) {
				n.List = append(slices.Clone(n.List), r.number())
			}
		}
	}
	for range 200 {
		p, _ := r.kinds()
		for i := range p.Nodes {
			wantPhrase(t, Words(p, i))
		}
	}
}
