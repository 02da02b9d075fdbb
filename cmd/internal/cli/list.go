package cli

import (
	"bufio"
	"fmt"
	"slices"
	"strings"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/dsl"
)

// A totals sums up what -l lists.
type totals struct {
	files                int64
	compressed, original int64
	blocks, programs     int64
	memory               int64
	headed               bool
	plans                planNames
}

// maxPlanNames bounds what is remembered of a hostile file's plans; it is arbitrary,
// and more than a line shows.
const maxPlanNames = 256

// planNames are the names of plans in the order in which they were added, each once, at
// most maxPlanNames.
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

// inspect reads s and describes it; each, if not nil, is called for every
// segment.
func (a *app) inspect(s *source, programs bool, each func(*codec.SegmentInfo)) (*listJSON, error) {
	l := &listJSON{Name: s.name, NameBytes: nameBytes(s.name)}
	var plans planNames
	m := a.meter(s.name, sizeOf(s))
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
	l.Ratio, l.ProgramShare = ratio(l.Compressed, l.Original), ratio(l.ProgramBlocks, l.Blocks)
	return l, err
}

// list prints a line about s.
func (a *app) list(s *source) error {
	l, err := a.inspect(s, false, nil)
	if err != nil {
		return err
	}
	if a.opt.json {
		return a.printJSON(false, l)
	}
	return a.report(func(w *bufio.Writer) {
		t := &a.totals
		if !t.headed && !a.opt.quiet {
			fmt.Fprintf(w, "%14s %14s  %5s  %8s  %9s  %-*s  %s\n", "compressed", "original", "ratio", "programs", "memory", planWidth, "plan", "name")
		}
		t.headed = true
		t.files++
		t.compressed += l.Compressed
		t.original += l.Original
		t.blocks += l.Blocks
		t.programs += l.ProgramBlocks
		t.memory = max(t.memory, l.Memory)
		for _, name := range l.Plans {
			t.plans.add(name)
		}
		listLine(w, l.Compressed, l.Original, l.ProgramBlocks, l.Blocks, l.Memory, l.Plans, printable(s.name))
		if a.opt.verbose {
			for i := range l.Headers {
				listHeader(w, &l.Headers[i])
			}
			fmt.Fprintf(w, "    %s, %s; programs and plans %d bytes, GZIP %d bytes\n",
				count(l.Segments, "segment"), count(l.Blocks, "block"), l.ProgramBytes, l.RawBytes)
			for _, name := range l.Plans {
				fmt.Fprintf(w, "    plan %s\n", name)
			}
		}
	})
}

func listLine(w *bufio.Writer, compressed, original, programs, blocks, memory int64, plans []string, name string) {
	share, plan := "-", "none"
	if r := ratio(programs, blocks); r != nil {
		share = fmt.Sprintf("%.1f %%", 100**r)
	}
	if len(plans) == 1 {
		plan = plans[0]
	} else if len(plans) > 1 {
		plan = fmt.Sprintf("%s, %d more", plans[0], len(plans)-1)
	}
	fmt.Fprintf(w, "%14d %14d  %5s  %8s  %5.1f MiB  %-*s  %s\n", compressed, original,
		ratioText(compressed, original), share, float64(memory)/(1<<20), planWidth, plan, name)
}

const planWidth = 28 // of most plans' names

// planName returns the names of a plan's operations, from the output on, each once; without
// those that only say where something comes from.
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

func listHeader(w *bufio.Writer, h *headerJSON) {
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

// listTotals prints a line about all files together.
func (a *app) listTotals() {
	t := &a.totals
	if t.files < 2 {
		return
	}
	err := a.report(func(w *bufio.Writer) {
		listLine(w, t.compressed, t.original, t.programs, t.blocks, t.memory, t.plans.list, count(t.files, "file"))
	})
	if err != nil {
		a.fail("", err)
	}
}
