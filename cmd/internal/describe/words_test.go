package describe

import (
	"bytes"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/dsl"
)

// TestComponentsHaveWords holds that each component has words, whatever its numbers.
func TestComponentsHaveWords(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	number := func() int32 {
		return []int32{0, 1, 2, 5, -2, -9, 64, math.MaxInt32, math.MinInt32, r.Int32()}[r.IntN(10)]
	}
	for op := range dsl.Op(255) {
		if c := componentOf(op); c.isKnown() != op.In(dsl.Predictor) {
			t.Errorf("operation %d: words %t, of predictors %t", op, c.isKnown(), op.In(dsl.Predictor))
		}
		for range 200 {
			n := dsl.Node{Op: op, Nums: [3]int32{number(), number(), number()}}
			for range r.IntN(12) {
				n.List = append(n.List, number())
			}
			const most = 200 // bytes
			if text := ComponentWords(&n); text == "" || len(text) > most || !utf8.ValidString(text) {
				t.Fatalf("%+v: %q", n, text)
			}
		}
	}
}

// TestComponentWords holds what components say.
func TestComponentWords(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{"signed(2, 12, 0)", "16-bit numbers with a sign, 12 channels take turns"},
		{"unsigned(-2, 1, 512)", "16-bit big-endian numbers without a sign, in rows of 512"},
		{"packed12(2, 2, 0)", "12-bit numbers, two in 3 bytes, 2 channels take turns"},
		{"floating(4, 1, 0); fixed(sequence_1, 14)", "in fixed point, of 14 bits under the exponent of the channel"},
		{"signed(2, 12, 0); ols(sequence_1, 6, 4, [2, 3, 0])", "least squares: from the 2 before, 3 of each other channel; solved anew every 4"},
		{"signed(2, 1, 64); ols(sequence_1, 6, 4, [2, 0, 3])", "least squares: from the 2 before, neighbors up to 3 rows above; solved anew every 4"},
		{"signed(2, 12, 0); nlms(sequence_1, 32, 10)", "what is left: a filter of the 32 before, which learns from each error"},
		{"signed(2, 12, 0); code(sequence_1, 63, 161, 17)", "how wrong that was, by 6 contexts of errors of late and 3 of values"},
		{"signed(2, 12, 0); code(sequence_1, 0, 0, 17)", "how wrong that was, by the scale of errors of late"},
		{"framed(0, 48, [])", "records of 48 bytes"},
		{"framed(0, 2, [])", "numbers or records of 2 bytes"},
		{"framed(0, 0, [])", "bytes without records"},
		{"framed(0, 0, [2, 1, 0, 1, 0, 1, 1, 0, 7, 9, 0, 8, 9, 0])", "records of 2 kinds"},
		{"framed(0, 0, [2, 1, 1, 1, 0, 1, 0])", "records that state their length in heads of 2 bytes"},
		{"framed(0, 2, []); contexts(sequence_1, 7)", "what came in 3 contexts of bytes above and before"},
		{"framed(0, 2, []); experts(sequence_1, 31)", "columns continued in 5 ways"},
		{"bytes(); match(sequence_1, 7)", "what followed when the same 7 bytes or more came last"},
		{"bytes(); order(sequence_1, 0)", "how often each byte comes"},
		{"bytes(); order(sequence_1, 4)", "what came after the same 4 bytes"},
		{"bytes(); masked(sequence_1, [255, 240])", "what came after the last 2 bytes, of some bits each"},
		{"bytes(); word(sequence_1, 1)", "what continued the word after this word before"},
		{"bytes(); followed(sequence_1, 2)", "what followed the last two bytes the last two times"},
		{"bytes(); column(sequence_1, 0, 1)", "the place in lines of text, and the last byte"},
		{"bytes(); column(sequence_1, 36, 2)", "the place in rows of 36 bytes, and the last 2 bytes"},
		{"bytes(); above(sequence_1, 1, 4)", "bytes above and beside, in fields of lines of text"},
		{"bytes(); nucleotide(sequence_1, 12)", "what came after the same 12 letters of ACGT, on both strands"},
		{"bytes(); mixed(sequence_1, 22, 0, [15])", "all of these, mixed by weights that learn, in 4 MiB"},
	} {
		p := parsed(t, dsl.Predictor, c.line)
		if got := ComponentWords(&p.Nodes[p.Out]); got != c.want {
			t.Errorf("%s: got\n%s, want\n%s", c.line, got, c.want)
		}
	}
}

// parsed returns the program of lines, separated by semicolons, the last one its output.
func parsed(t *testing.T, role dsl.Role, lines string) *dsl.Program {
	t.Helper()
	var b strings.Builder
	name := ""
	for i, line := range strings.Split(lines, ";") {
		name = "sequence_" + string(rune('1'+i))
		b.WriteString(name + " = " + strings.TrimSpace(line) + "\n")
	}
	p, err := dsl.Parse(b.String()+"output = "+name, role)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// inspected compresses src by a plan, and adds all parts of that to each.
func inspected(t *testing.T, src []byte, plans []*dsl.Program, segment int, each func(*codec.SegmentInfo)) {
	t.Helper()
	var file bytes.Buffer
	w, err := codec.NewWriter(&file, &codec.WriterConfig{Level: 6, Plans: plans, SegmentSize: segment, Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(src); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	err = codec.Inspect(&file, nil, true, func(info *codec.SegmentInfo) error {
		each(info)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// waves returns count samples of 16 bits, of a wave with noise.
func waves(count int) (b []byte) {
	r := rand.New(rand.NewPCG(3, 4))
	for i := range count {
		x := int(20000*math.Sin(float64(i)/300)) + r.IntN(8)
		b = append(b, byte(x), byte(x>>8))
	}
	return b
}

// TestFileWords wants lines about files: shares of kinds of data, and what costs most.
func TestFileWords(t *testing.T) {
	difference := parsed(t, dsl.Plan, "payload(0); predict(sequence_1, 2, 0, [1, 1])")
	noise := make([]byte, 4096)
	r := rand.New(rand.NewPCG(5, 6))
	for i := range noise {
		noise[i] = byte(r.Uint32())
	}
	for _, c := range []struct {
		name    string
		src     []byte
		plans   []*dsl.Program
		want    []string // starts of lines
		segment int
	}{
		{"nothing", nil, nil, []string{"an empty file"}, 4096},
		{"noise", noise, nil, []string{"4096 bytes, compressed to 41", "bytes in which no structure was found"}, 4096},
		{"waves", waves(2048), []*dsl.Program{difference}, []string{"4096 bytes, compressed to ", "differences of 16-bit numbers"}, 4096},
		{"odd", append([]byte{5}, waves(8*2048)...), []*dsl.Program{parsed(t, dsl.Plan, "payload(0); get_subsequence_between_indices(sequence_1, 0, 1); payload(1); predict(sequence_3, 2, 0, [1, 1]); concatenate(sequence_2, sequence_4)")}, []string{
			"32769 bytes, compressed to ", "differences of 16-bit numbers, all but 1 byte",
		}, 0},
		{"both", append(waves(8*2048), noise...), []*dsl.Program{difference}, []string{
			"36864 bytes, compressed to ", "89 % of the bytes, ", "11 % of the bytes, ", "the segment at offset 32768 costs most for its 4096 bytes: 8.",
		}, 4096},
	} {
		var f fileWords
		inspected(t, c.src, c.plans, c.segment, f.Add)
		lines := f.Lines(0)
		if !slices.EqualFunc(lines, c.want, strings.HasPrefix) {
			t.Errorf("%s: %s", c.name, strings.Join(lines, "\n"))
		}
	}
}

// TestWordsOfBlocks wants no segment with programs to be called one without structure.
func TestWordsOfBlocks(t *testing.T) {
	for programs, want := range []string{"bytes in which no structure was found", "bytes in blocks, of which programs make some"} {
		if s := sectionsOf(&codec.SegmentInfo{Size: 10, ProgramBlocks: programs}); len(s) != 1 || s[0].Words != want {
			t.Errorf("got %v, want %q", s, want)
		}
	}
}

// TestFileWordsAreBounded adds many segments: the lines stay few, and the shares add up.
func TestFileWordsAreBounded(t *testing.T) {
	var f fileWords
	plans := []*dsl.Program{nil, dsl.Identity(), parsed(t, dsl.Plan, "payload(0); zigzag(sequence_1, 2)"), parsed(t, dsl.Plan, "payload(0); branches(sequence_1, 1, 0)")}
	for i := range 1000 {
		info := codec.SegmentInfo{Offset: int64(100 * i), Size: 100, Coded: 50, Plan: plans[i%len(plans)]}
		if info.Plan != nil {
			info.Groups = []codec.GroupInfo{{Streams: []codec.StreamInfo{{Size: 100, Cost: 1 << 20}}}}
		}
		f.Add(&info)
	}
	if lines := f.Lines(0); len(lines) > 9 || len(f.kinds) > 9 {
		t.Errorf("%d kinds, lines\n%s", len(f.kinds), strings.Join(lines, "\n"))
	}
	size, coded := int64(0), 0.0
	for _, k := range f.kinds {
		size, coded = size+k.size, coded+k.coded
	}
	if size != f.size || math.Abs(coded-float64(f.coded)) > 1 {
		t.Errorf("kinds of %d bytes in %.1f, want %d in %d", size, coded, f.size, f.coded)
	}
}

// TestText wants the segments of a file in words, those alike once.
func TestText(t *testing.T) {
	difference := parsed(t, dsl.Plan, "payload(0); predict(sequence_1, 2, 0, [1, 1])")
	var text Text
	inspected(t, waves(8*2048), []*dsl.Program{difference}, 4096, text.Add)
	var b strings.Builder
	if err := text.Print(&b, 1000); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"  32768 bytes, compressed to 1000: 0.031 of the size, in 8 segments\n  differences of 16-bit numbers\n  the segment at offset ",
		"\nsegment 1, at offset 0: 4096 bytes coded in ",
		"\n  differences of 16-bit numbers\n  left to code: 4096 bytes in 1 stream\n  stream 0: 4096 bytes coded in ",
		"\n  program:\n    sequence_1 = payload(0)\n    sequence_2 = predict(sequence_1, 2, 0, [1, 1])\n    output = sequence_2\n",
		"\nsegments 2 to 8: the same, 28672 bytes coded in ",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%s\nlacks %q", &b, want)
		}
	}
}

// TestTextIsBounded explains many segments that differ: what is printed has an end.
func TestTextIsBounded(t *testing.T) {
	var text Text
	for i := range int32(1 << 14) {
		p := dsl.Identity()
		p.Nodes = append(p.Nodes, dsl.Node{Op: dsl.AddItem, Nums: [3]int32{i}})
		p.Out = 1
		text.Add(segmentBy(p, nil, 100, 1))
	}
	var b strings.Builder
	if err := text.Print(&b, 1000); err != nil || b.Len() > maxTextBytes+1<<16 || !strings.Contains(b.String(), "segments more\n") {
		t.Errorf("%d bytes, %v", b.Len(), err)
	}
}

// TestPartLines wants the parts that cost most in lines, without what a terminal would obey.
func TestPartLines(t *testing.T) {
	r := &Report{List: &List{Compressed: 100}, Parts: []CostPart{{Words: "type 5: int24 at byte 23", Samples: []string{" 7", "\x1b[2J"}, Bits: 400}, {Words: "\x07", Bits: 80}}}
	want := "\n     bytes  share  part, and some of its values\n" +
		"        50   50 %  type 5: int24 at byte 23                      7 ·[2J\n" +
		"        10   10 %  ·\n"
	if got := partLines(r); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := partLines(&Report{List: r.List, Parts: r.Parts[:1]}); got != "" {
		t.Errorf("of one part: %q", got)
	}
	r.Parts = make([]CostPart, maxTextParts+2)
	if got := partLines(r); strings.Count(got, "\n") != maxTextParts+3 || !strings.HasSuffix(got, "  … 2 more\n") {
		t.Errorf("of many parts:\n%s", got)
	}
}

// TestPredictorText wants words and worth of components.
func TestPredictorText(t *testing.T) {
	g := codec.GroupInfo{Predictor: parsed(t, dsl.Predictor, "bytes(); order(sequence_1, 1); order(sequence_2, 2); mixed(sequence_3, 22, 0, [15])"), Worth: []int{0, 0, -2, 31}}
	want := `sequence_1 = bytes()  # bytes of any kind, foretold by a mixture of contexts
sequence_2 = order(sequence_1, 1)  # what came after the same byte; worth less than 0.1 %
sequence_3 = order(sequence_2, 2)  # what came after the same 2 bytes; without it 0.2 % less
sequence_4 = mixed(sequence_3, 22, 0, [15])  # all of these, mixed by weights that learn, in 4 MiB; without it 3.1 % more
output = sequence_4`
	if got := predictorText(&g); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
