package cli

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/dsl"
)

// maxLike bounds how many plans of a file are tried, since each takes time in each segment
// that is searched. A file of one kind has a few. Arbitrary.
const maxLike = 16

// maxPlansText is the most bytes of plans as text. Arbitrary; of the plans of 27 files, the longest has 6.5 kB
// (level 3, November 2026).
const maxPlansText = 1 << 20

// errPlans reports a file that ReadPlans can't read.
var errPlans = errors.New("neither a ktzip file nor plans as text")

// planSeparator is the line between plans as text.
const planSeparator = "---"

// readLike reads the plans of the file of --like, if files are compressed.
func (a *app) readLike() error {
	if a.opt.Like == "" || !a.opt.mode.compresses() {
		return nil
	}
	f, err := os.Open(a.opt.Like)
	if err != nil {
		return err
	}
	defer f.Close()
	a.like, err = ReadPlans(f, a.readerConfig())
	return err
}

// ReadPlans reads the plans of a file for --like: those that are distinct, in their order. src is a
// compressed file, whose first maxLike plans count, read as cfg says; or it is text, as WritePlans
// writes it, of at most maxPlansText bytes with at most maxLike plans.
func ReadPlans(src io.Reader, cfg *codec.ReaderConfig) ([]*dsl.Program, error) {
	in := bufio.NewReader(src)
	first, err := in.Peek(magicBytes)
	if err != nil && err != io.EOF {
		return nil, err
	}
	if len(first) > 0 && !compressedFile(first) {
		return readPlansText(in)
	}
	var list planList
	err = codec.Inspect(in, cfg, false, func(s *codec.SegmentInfo) error {
		if s.Plan != nil && len(list.plans) < maxLike {
			list.add(s.Plan)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return list.plans, nil
}

// A planList holds plans that are distinct.
type planList struct {
	plans []*dsl.Program
	known map[string]bool
}

// add adds p unless it is known.
func (l *planList) add(p *dsl.Program) {
	text := p.String()
	if l.known == nil {
		l.known = make(map[string]bool)
	}
	if !l.known[text] {
		l.known[text] = true
		l.plans = append(l.plans, p)
	}
}

// readPlansText reads plans as text.
func readPlansText(src io.Reader) ([]*dsl.Program, error) {
	b, err := io.ReadAll(io.LimitReader(src, maxPlansText+1))
	switch {
	case err != nil:
		return nil, err
	case !utf8.Valid(b[:min(len(b), maxPlansText)]) || bytes.IndexByte(b, 0) >= 0:
		return nil, errPlans
	case len(b) > maxPlansText:
		return nil, fmt.Errorf("%w, which has at most %d bytes", errPlans, maxPlansText)
	}
	var list planList
	lines := strings.Split(string(b), "\n")
	for from, i := 0, 0; i <= len(lines) && len(list.plans) <= maxLike; i++ {
		if i < len(lines) && strings.TrimSpace(lines[i]) != planSeparator {
			continue
		}
		p, err := parsePlan(lines[from:i])
		if syntax, ok := errors.AsType[*dsl.SyntaxError](err); ok {
			return nil, fmt.Errorf("%w: line %d, column %d: %s", errPlans, from+syntax.Line, syntax.Column, syntax.Msg)
		}
		if p != nil {
			list.add(p)
		}
		from = i + 1
	}
	if len(list.plans) > maxLike {
		return nil, fmt.Errorf("more than %d plans", maxLike)
	}
	if err := checkWriter(&codec.WriterConfig{Plans: list.plans}); err != nil {
		return nil, err
	}
	return list.plans, nil
}

// parsePlan returns the plan in lines; nil if they hold nothing but comments. The error is a
// *dsl.SyntaxError.
func parsePlan(lines []string) (*dsl.Program, error) {
	if !slices.ContainsFunc(lines, func(line string) bool {
		text := strings.TrimSpace(line)
		return text != "" && text[0] != '#'
	}) {
		return nil, nil
	}
	p, err := dsl.Parse(strings.Join(lines, "\n"), dsl.Plan)
	if err != nil {
		return nil, err
	}
	return p.Canonical(), nil
}

// ParsePlans returns the canonical plans that texts are of, one each.
func ParsePlans(texts []string) (plans []*dsl.Program, err error) {
	for _, text := range texts {
		p, err := dsl.Parse(text, dsl.Plan)
		if err != nil {
			return nil, err
		}
		plans = append(plans, p.Canonical())
	}
	return plans, nil
}

// WritePlans writes plans as text, for ReadPlans, each once. Comments before them have the lines of
// about, which say what they are. It writes nothing if ReadPlans would not return them all.
func WritePlans(dst io.Writer, about string, plans []*dsl.Program) error {
	var b bytes.Buffer
	for line := range strings.Lines(about) {
		fmt.Fprintf(&b, "# %s\n", harmless(strings.TrimSuffix(line, "\n")))
	}
	if len(plans) == 0 {
		b.WriteString("# no plan\n")
	}
	var list planList
	for _, p := range plans {
		list.add(p.Canonical())
	}
	for i, p := range list.plans {
		if i > 0 {
			b.WriteString(planSeparator + "\n")
		}
		b.WriteString(p.String() + "\n")
	}
	if _, err := readPlansText(bytes.NewReader(b.Bytes())); err != nil {
		return fmt.Errorf("plans as text: %w", err)
	}
	_, err := dst.Write(b.Bytes())
	return err
}
