package cli

import (
	"bufio"
	"fmt"
	"slices"
	"strings"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/dsl"
)

// totals sum up what -l lists.
type totals struct {
	headed bool // the heading was printed
	files  int64
	sum    listJSON
	plans  planNames
}

// add adds the file that l describes.
func (t *totals) add(l *listJSON) {
	t.files++
	t.sum.Compressed += l.Compressed
	t.sum.Original += l.Original
	t.sum.Blocks += l.Blocks
	t.sum.ProgramBlocks += l.ProgramBlocks
	t.sum.Memory = max(t.sum.Memory, l.Memory)
	t.sum.Predicted = t.sum.Predicted || l.Predicted
	t.sum.time += l.time
	for _, name := range l.Plans {
		t.plans.add(name)
	}
	t.sum.Plans = t.plans.list
}

// maxPlanNames bounds the memory that the plans of a hostile file can take. It is
// arbitrary, and more than anyone reads.
const maxPlanNames = 256

// planNames holds distinct names of plans, at most maxPlanNames, in the order in which they
// were added.
type planNames struct {
	list  []string
	known map[string]bool
}

func (p *planNames) add(name string) {
	if p.known[name] || len(p.list) == maxPlanNames {
		return
	}
	if p.known == nil {
		p.known = map[string]bool{}
	}
	p.known[name] = true
	p.list = append(p.list, name)
}

// inspect reads s and describes it. It lists the programs if programs is set, and calls
// each for every segment unless that is nil.
func (a *app) inspect(s *source, programs bool, each func(*codec.SegmentInfo)) (*listJSON, error) {
	l := &listJSON{Name: s.name, NameBytes: nameBytes(s.name)}
	var plans planNames
	m := a.meter(s.name, s.size())
	defer m.stop()
	err := codec.Inspect(m.reader(s.file), a.readerConfig(), programs, func(info *codec.SegmentInfo) error {
		if info.Size == 0 {
			if a.opt.json || a.opt.verbose {
				l.Headers = append(l.Headers, headerFields(info.Header))
			}
			l.Memory = max(l.Memory, codec.Memory(info.Header))
			return nil
		}
		l.Segments++
		l.Original += info.Size
		l.Blocks += int64(info.Blocks)
		l.ProgramBlocks += int64(info.ProgramBlocks)
		l.ProgramBytes += info.ProgramBytes
		l.RawBytes += info.RawBytes
		l.time += info.Time
		for _, g := range info.Groups {
			if g.Predictor != nil {
				l.Predicted = true
				plans.add(planName(g.Predictor))
			}
		}
		if info.Plan != nil {
			l.Plan = true
			plans.add(planName(info.Plan))
		}
		m.out.Add(info.Size)
		if each != nil {
			each(info)
		}
		return nil
	})
	l.Compressed, l.Plans = m.in.Load(), plans.list
	l.RestoreSpeed = l.speed()
	l.Ratio, l.ProgramShare = ratio(l.Compressed, l.Original), ratio(l.ProgramBlocks, l.Blocks)
	return l, err
}

// list prints a line about s, and more with -v.
func (a *app) list(s *source) error {
	l, err := a.inspect(s, false, nil)
	if err != nil {
		return err
	}
	if a.opt.json {
		return a.printJSON(false, l)
	}
	a.totals.add(l)
	return a.report(func(w *bufio.Writer) {
		if !a.totals.headed && !a.opt.quiet {
			fmt.Fprintf(w, "%14s %14s  %5s  %8s  %9s  %9s  %-*s  %s\n", "compressed", "original", "ratio", "programs", "memory", "speed", planWidth, "plan", "name")
		}
		a.totals.headed = true
		l.print(w, printable(s.name))
		if a.opt.verbose {
			l.printDetails(w)
		}
	})
}

// listTotals prints a line about all files together, if there are several.
func (a *app) listTotals() {
	t := &a.totals
	if t.files < 2 {
		return
	}
	err := a.report(func(w *bufio.Writer) { t.sum.print(w, count(t.files, "file")) })
	if err != nil {
		a.fail("", err)
	}
}

// speed returns about how many bytes a second of a usual processor the file restores at, if it has
// predictors; else 0.
func (l *listJSON) speed() int64 {
	if !l.Predicted || l.time == 0 {
		return 0
	}
	return int64(float64(l.Original) / float64(l.time) * 1e9)
}

// print prints a line about what l describes, which is called name.
func (l *listJSON) print(w *bufio.Writer, name string) {
	share, plan := "-", "none"
	if r := ratio(l.ProgramBlocks, l.Blocks); r != nil {
		share = fmt.Sprintf("%.1f %%", 100**r)
	}
	if len(l.Plans) == 1 {
		plan = l.Plans[0]
	} else if len(l.Plans) > 1 {
		plan = fmt.Sprintf("%s, %d more", l.Plans[0], len(l.Plans)-1)
	}
	speed := "-"
	if s := l.speed(); s > 0 {
		speed = fmt.Sprintf("%.1f MB/s", float64(s)/1e6)
	}
	fmt.Fprintf(w, "%14d %14d  %5s  %8s  %5.1f MiB  %9s  %-*s  %s\n", l.Compressed, l.Original,
		ratioText(l.Compressed, l.Original), share, float64(l.Memory)/(1<<20), speed, planWidth, plan, name)
}

// printDetails prints the headers, the numbers of segments and blocks, and the plans.
func (l *listJSON) printDetails(w *bufio.Writer) {
	for i := range l.Headers {
		l.Headers[i].print(w)
	}
	fmt.Fprintf(w, "    %s, %s; programs and plans %d bytes, members %d bytes\n",
		count(l.Segments, "segment"), count(l.Blocks, "block"), l.ProgramBytes, l.RawBytes)
	for _, name := range l.Plans {
		fmt.Fprintf(w, "    plan %s\n", name)
	}
}

// print prints a line about the header.
func (h *headerJSON) print(w *bufio.Writer) {
	fmt.Fprintf(w, "    format %d, edition %d, blocks of %d bytes, segments of at most %d", h.FormatVersion, h.Edition, h.BlockSize, h.SegmentSize)
	if h.Name != "" {
		fmt.Fprintf(w, "; name %s", printable(h.Name))
	}
	if h.ModTime != "" {
		fmt.Fprintf(w, "; mtime %s", h.ModTime)
	}
	if h.Mode != "" {
		fmt.Fprintf(w, "; mode %s", h.Mode)
	}
	if h.Size != nil {
		fmt.Fprintf(w, "; size %d", *h.Size)
	}
	fmt.Fprintln(w)
}

const planWidth = 28 // columns; most plans' names fit

// planName returns the operations of a plan, from the output on, each once, but for those
// that only say where bytes come from.
func planName(p *dsl.Program) string {
	var names []string
	for i := range slices.Backward(p.Nodes) {
		op := p.Nodes[i].Op
		if op != dsl.Payload && op != dsl.Between && op != dsl.Concatenate && !slices.Contains(names, op.String()) {
			names = append(names, op.String())
		}
	}
	return strings.Join(names, "+")
}
