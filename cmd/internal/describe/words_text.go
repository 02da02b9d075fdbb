package describe

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/dsl/plan"
)

// A Text explains a file to people: what is in it and what costs most, as a Report says it, then each segment that has
// a plan or a predictor. The zero Text explains an empty file.
type Text struct {
	report   *builder // nil before the first part
	segments bytes.Buffer
	segment  int64 // number of the last one that was added, from 1
	said     string
	same     sameSegments
	omitted  int64 // segments
	programs int   // of blocks
}

// sameSegments are segments in a row of which the same was said as of one before them.
type sameSegments struct{ first, count, size, coded int64 }

// Limits of a Text. Arbitrary: more than anyone reads.
const (
	maxTextBytes    = 1 << 20 // of all segments; one more may end
	maxTextPrograms = 20      // of blocks
	maxTextLine     = 240     // bytes of a line of a program
	maxTextParts    = 12      // of what costs most
	textPartWidth   = 44      // characters; most names fit
)

// Add adds a part of a file, as codec.Inspect visits it if programs are asked for.
func (t *Text) Add(info *codec.SegmentInfo) {
	if t.report == nil {
		t.report = newBuilder(new(Options))
	}
	_ = t.report.part(info) // what a segment costs stays unsaid if that is not known
	if info.Size == 0 {
		return
	}
	t.segment++
	if t.segments.Len() > maxTextBytes {
		t.omitted++
		return
	}
	if len(info.Groups) > 0 || t.segment > 1 { // of a plain one that is alone, all is said
		t.addSegment(info)
	}
	for p := range info.Programs {
		if t.programs++; t.programs <= maxTextPrograms {
			t.endSame()
			fmt.Fprintf(&t.segments, "\na program makes %s, in %.1f bits\n%s", placeOf(&p, info.Plan != nil), p.Cost.Bits(), indented(p.Text, 4))
		}
	}
}

// placeOf says which bytes the block p is: of a stream if there is a plan, else of the file.
func placeOf(p *codec.BlockInfo, planned bool) string {
	text := fmt.Sprintf("bytes %d to %d", p.Offset, p.Offset+int64(p.Length)-1)
	if planned {
		text += fmt.Sprintf(" of stream %d", p.Stream)
	}
	return text
}

// addSegment says what is in a segment, unless the one before it has the same.
func (t *Text) addSegment(info *codec.SegmentInfo) {
	about := SegmentWords(info)
	said := strings.Join(about[:max(len(about)-1, 1)], "\n") // but for the size
	for _, g := range info.Groups {
		if g.Predictor != nil {
			said += "\n" + g.Predictor.String()
		}
	}
	if said == t.said {
		t.same.add(t.segment, info)
		return
	}
	t.endSame()
	t.said = said
	b := &t.segments
	fmt.Fprintf(b, "\nsegment %d, at offset %d: %s coded in %d\n", t.segment, info.Offset, plural(info.Size, "byte"), info.Coded)
	b.WriteString(indented(strings.Join(about, "\n"), 2))
	t.addGroups(info)
	if info.Plan != nil {
		b.WriteString("  program:\n" + indented(shortened(plan.Explain(info.Plan)), 4))
	}
}

// SegmentWords says in a few lines what the plan of a segment says of its data or, if it has none, its predictor.
func SegmentWords(info *codec.SegmentInfo) []string {
	if info.Plan == nil {
		return []string{sectionsOf(info)[0].Words}
	}
	return plan.About(info.Plan, int(info.Size))
}

// addGroups says what the streams of a segment cost.
func (t *Text) addGroups(info *codec.SegmentInfo) {
	words, k := plan.Streams(info.Plan, int(info.Size)), 0
	for _, g := range info.Groups {
		for _, s := range g.Streams {
			fmt.Fprintf(&t.segments, "  stream %d: %s coded in %.0f", k, plural(s.Size, "byte"), s.Cost.Bits()/8)
			if k < len(words) && words[k] != "" {
				t.segments.WriteString(": " + words[k])
			}
			t.segments.WriteString("\n")
			k++
		}
		if g.Predictor != nil {
			t.segments.WriteString("    by the predictor\n" + indented(predictorText(&g), 6))
		}
	}
}

// predictorText returns the lines of the predictor of g, each with its words and what it is worth.
func predictorText(g *codec.GroupInfo) string {
	lines := strings.Split(strings.TrimSuffix(g.Predictor.String(), "\n"), "\n")
	for i := range g.Predictor.Nodes {
		if i >= len(lines) {
			break
		}
		lines[i] += "  # " + ComponentWords(&g.Predictor.Nodes[i])
		if i > 0 && i < len(g.Worth) {
			lines[i] += "; " + worthText(g.Worth[i])
		}
	}
	return strings.Join(lines, "\n")
}

// worthText says what a component is worth, without which streams take so many thousandths more.
func worthText(thousandths int) string {
	switch {
	case thousandths == 0:
		return "worth less than 0.1 %"
	case thousandths < 0:
		return fmt.Sprintf("without it %.1f %% less", float64(-thousandths)/10)
	}
	return fmt.Sprintf("without it %.1f %% more", float64(thousandths)/10)
}

// add adds segment number k.
func (s *sameSegments) add(k int64, info *codec.SegmentInfo) {
	if s.count == 0 {
		s.first = k
	}
	s.count++
	s.size += info.Size
	s.coded += info.Coded
}

// endSame says how many segments were the same.
func (t *Text) endSame() {
	s := &t.same
	switch {
	case s.count == 1:
		fmt.Fprintf(&t.segments, "\nsegment %d: the same, %s coded in %d\n", s.first, plural(s.size, "byte"), s.coded)
	case s.count > 1:
		fmt.Fprintf(&t.segments, "\nsegments %d to %d: the same, %s coded in %d\n", s.first, s.first+s.count-1, plural(s.size, "byte"), s.coded)
	}
	t.same = sameSegments{}
}

// Print writes what was added of a file of so many bytes.
func (t *Text) Print(w io.Writer, compressed int64) error {
	t.endSame()
	if t.programs > maxTextPrograms {
		fmt.Fprintf(&t.segments, "\n… %d programs more\n", t.programs-maxTextPrograms)
	}
	if t.omitted > 0 {
		fmt.Fprintf(&t.segments, "\n… %d segments more\n", t.omitted)
	}
	if t.report == nil {
		t.report = newBuilder(new(Options))
	}
	r := t.report.end(cmp.Or(compressed, t.report.words.coded))
	for i := range r.Words {
		r.Words[i] = shown(r.Words[i])
	}
	if _, err := io.WriteString(w, indented(strings.Join(r.Words, "\n"), 2)+partLines(r)); err != nil {
		return err
	}
	_, err := w.Write(t.segments.Bytes())
	return err
}

// partLines returns a line for each of the parts that cost most, if there are several.
func partLines(r *Report) string {
	if len(r.Parts) < 2 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n  %8s %6s  part, and some of its values\n", "bytes", "share")
	for _, p := range r.Parts[:min(len(r.Parts), maxTextParts)] {
		var samples []string
		for _, s := range p.Samples {
			samples = append(samples, strings.TrimSpace(s))
		}
		line := fmt.Sprintf("  %8.0f %6s  %-*s  %s", p.Bits/8, shareText(p.Bits/8, float64(r.List.Compressed)), textPartWidth, p.Words, strings.Join(samples, " "))
		b.WriteString(strings.TrimRight(shown(line), " ") + "\n")
	}
	if more := len(r.Parts) - maxTextParts; more > 0 {
		fmt.Fprintf(&b, "  … %d more\n", more)
	}
	return b.String()
}

// shown returns text with a dot for each character that does not print, since what stems from a file may be a command for a
// terminal.
func shown(text string) string {
	return strings.Map(func(r rune) rune {
		if strconv.IsPrint(r) {
			return r
		}
		return '·'
	}, text)
}

// shortened cuts the long lines of text, but for comments.
func shortened(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if !strings.HasPrefix(strings.TrimSpace(line), "#") {
			lines[i] = clip(line, maxTextLine)
		}
	}
	return strings.Join(lines, "\n")
}

// indented puts so many spaces before each line of text, and ends the last one.
func indented(text string, spaces int) string {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	for i := range lines {
		lines[i] = strings.Repeat(" ", spaces) + lines[i] + "\n"
	}
	return strings.Join(lines, "")
}
