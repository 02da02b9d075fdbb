package cli

import (
	"bufio"
	"fmt"

	"github.com/ktzip/ktzip/codec"
)

// A totals sums up what -l lists.
type totals struct {
	files                int64
	compressed, original int64
	blocks, programs     int64
	memory               int64
	plan, headed         bool
}

// inspect reads s and describes it; each, if not nil, is called for every
// segment.
func (a *app) inspect(s *source, programs bool, each func(*codec.SegmentInfo)) (*listJSON, error) {
	l := &listJSON{Name: s.name}
	m := a.meter(s.name, sizeOf(s))
	defer m.stop()
	err := codec.Inspect(m.reader(s.file), a.readerConfig(), programs, func(info *codec.SegmentInfo) error {
		if info.Size == 0 {
			l.Headers = append(l.Headers, headerFields(info.Header))
			l.Memory = max(l.Memory, info.Header.Memory())
			return nil
		}
		l.Segments++
		l.Original += info.Size
		l.Blocks += int64(info.Blocks)
		l.ProgramBlocks += int64(info.ProgramBlocks)
		l.ProgramBytes += info.ProgramBytes
		l.RawBytes += info.RawBytes
		l.Plan = l.Plan || !isIdentity(info.Plan)
		m.out.Add(info.Size)
		if each != nil {
			each(info)
		}
		return nil
	})
	l.Compressed = m.in.Load()
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
			fmt.Fprintf(w, "%14s %14s  %5s  %8s  %9s  %4s  %s\n", "compressed", "original", "ratio", "programs", "memory", "plan", "name")
		}
		t.headed = true
		t.files++
		t.compressed += l.Compressed
		t.original += l.Original
		t.blocks += l.Blocks
		t.programs += l.ProgramBlocks
		t.memory = max(t.memory, l.Memory)
		t.plan = t.plan || l.Plan
		listLine(w, l.Compressed, l.Original, l.ProgramBlocks, l.Blocks, l.Memory, l.Plan, printable(s.name))
		if a.opt.verbose {
			for i := range l.Headers {
				listHeader(w, &l.Headers[i])
			}
			fmt.Fprintf(w, "    %s, %s; programs and plans %d bytes, GZIP %d bytes\n",
				count(l.Segments, "segment"), count(l.Blocks, "block"), l.ProgramBytes, l.RawBytes)
		}
	})
}

func listLine(w *bufio.Writer, compressed, original, programs, blocks, memory int64, plan bool, name string) {
	share, planned := "-", "no"
	if r := ratio(programs, blocks); r != nil {
		share = fmt.Sprintf("%.1f %%", 100**r)
	}
	if plan {
		planned = "yes"
	}
	fmt.Fprintf(w, "%14d %14d  %5s  %8s  %5.1f MiB  %4s  %s\n", compressed, original,
		ratioText(compressed, original), share, float64(memory)/(1<<20), planned, name)
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
		listLine(w, t.compressed, t.original, t.programs, t.blocks, t.memory, t.plan, count(t.files, "file"))
	})
	if err != nil {
		a.fail("", err)
	}
}
