package cli

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/ktzip/ktzip/cmd/internal/describe"
	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/dsl/plan"
)

// An explainFlag says how files are explained; "" if they are not.
type explainFlag string

const (
	explainText    = "text"
	explainProgram = "program"
	explainJSON    = "json"
)

var explains = []string{explainText, explainProgram, explainJSON}

func (v *explainFlag) Set(s string) error {
	if !slices.Contains(explains, s) {
		return fmt.Errorf("must be one of %s", strings.Join(explains, ", "))
	}
	*v = explainFlag(s)
	return nil
}

// explain prints what is in s: in words, or its plans and programs alone, or as JSON.
func (a *app) explain(s *source) error {
	switch {
	case a.opt.json:
		e := &describe.Explanation{Plans: []describe.Plan{}, Programs: []describe.Program{}}
		l, err := a.inspect(s, true, e.Add)
		if err != nil {
			return err
		}
		e.List = *l
		return a.printJSON(false, e)
	case a.opt.explain == explainProgram || a.Words == nil:
		return a.printExplained(s, func(w *bufio.Writer) explainer { return &programText{w: w} })
	}
	return a.printExplained(s, func(w *bufio.Writer) explainer { return &wordsText{w: w, Words: a.Words()} })
}

// An explainer prints what is in a file.
type explainer interface {
	add(info *codec.SegmentInfo)
	end(l *describe.List, err error)
}

// printExplained prints what an explainer has to say of s.
func (a *app) printExplained(s *source, explainerTo func(w *bufio.Writer) explainer) error {
	w := bufio.NewWriter(a.stdout)
	fmt.Fprintf(w, "%s:\n", printable(s.name))
	e := explainerTo(w)
	l, err := a.inspect(s, true, e.add)
	e.end(l, err)
	if flushed := w.Flush(); flushed != nil {
		return &outputError{stdoutName, flushed}
	}
	return err
}

// Words say what is in a file, as describe.Text.
type Words interface {
	// Add adds a part of the file, as codec.Inspect visits it.
	Add(info *codec.SegmentInfo)
	// Print prints what was added of a file of so many bytes.
	Print(w io.Writer, compressed int64) error
}

// A wordsText says in words what is in a file: first what is in all of it.
type wordsText struct {
	Words
	w *bufio.Writer
}

func (e *wordsText) add(info *codec.SegmentInfo) { e.Add(info) }

// end prints also what comes before damage.
func (e *wordsText) end(l *describe.List, err error) {
	compressed := l.Compressed
	if err != nil {
		compressed = 0 // it counts what was read ahead
	}
	if err == nil || l.Segments > 0 {
		e.Print(e.w, compressed) // w keeps its error
	}
}

// A programText prints plans and programs, and sums up the programs.
type programText struct {
	w       *bufio.Writer
	bits    float64
	covered int64 // bytes of the streams that programs produce
}

// add prints the plan and the programs of a segment.
func (e *programText) add(info *codec.SegmentInfo) {
	if info.Plan != nil {
		fmt.Fprintf(e.w, "plan of the segment at offset %d, %d bytes\n%s", info.Offset, info.Size, indent(plan.Explain(info.Plan)))
	}
	if first := 0; len(info.Groups) > 0 {
		for _, g := range info.Groups {
			for k, s := range g.Streams {
				fmt.Fprintf(e.w, "stream %d: %d bytes, coded in %.0f bytes\n", first+k, s.Size, s.Cost.Bits()/8)
			}
			fmt.Fprintf(e.w, "%s in a member of %d bytes\n", streamNames(first, len(g.Streams)), g.Raw)
			if g.Predictor != nil {
				fmt.Fprintf(e.w, "by the predictor\n%s", indent(withWorth(g.Predictor.String(), g.Worth)))
			}
			first += len(g.Streams)
		}
	}
	for p := range info.Programs {
		bits := p.Cost.Bits()
		e.bits += bits
		e.covered += int64(p.Length)
		fmt.Fprintf(e.w, "stream %d, offset %d, length %d, cost %.1f bits\n%s", p.Stream, p.Offset, p.Length, bits, indent(p.Text))
	}
}

// withWorth adds to the lines of a predictor what its components are worth.
func withWorth(text string, worth []int) string {
	lines := strings.Split(text, "\n")
	for i, w := range worth {
		if i > 0 && i < len(lines) {
			lines[i] += fmt.Sprintf("  # without it %+.1f %%", float64(w)/10)
		}
	}
	return strings.Join(lines, "\n")
}

// end prints the sums of the file that l describes.
func (e *programText) end(l *describe.List, err error) {
	if err != nil {
		return
	}
	fmt.Fprintf(e.w, "%d of %s with a program: %d of %d bytes in %.0f bits; the other %d bytes in %d bytes of members\n",
		l.ProgramBlocks, count(l.Blocks, "block"), e.covered, l.Original, e.bits, l.Original-e.covered, l.RawBytes)
}

// streamNames names n consecutive streams.
func streamNames(first, n int) string {
	if n == 1 {
		return fmt.Sprintf("stream %d", first)
	}
	return fmt.Sprintf("streams %d to %d", first, first+n-1)
}

// indent puts four spaces before each line of text.
func indent(text string) string {
	text = strings.TrimSuffix(text, "\n")
	return "    " + strings.ReplaceAll(text, "\n", "\n    ") + "\n"
}
