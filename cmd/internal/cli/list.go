package cli

import (
	"bufio"
	"fmt"
	"io"

	"github.com/ktzip/ktzip/cmd/internal/describe"
	"github.com/ktzip/ktzip/codec"
)

// A Listing prints what -l prints: a heading, a line per file, and one about all files together.
type Listing struct {
	NoHeading bool // as with -q
	headed    bool // the heading was printed
	files     int64
	sum       describe.List
}

// Add prints a line about the file that l describes.
func (t *Listing) Add(w io.Writer, l *describe.List) {
	if !t.headed && !t.NoHeading {
		fmt.Fprintf(w, "%14s %14s  %5s  %8s  %9s  %9s  %-*s  %s\n", "compressed", "original", "ratio", "programs", "memory", "speed", planWidth, "plan", "name")
	}
	t.headed = true
	name := l.Name
	if l.NameBytes != nil {
		name = string(l.NameBytes)
	}
	printList(w, l, printable(name))
	t.files++
	t.sum.AddList(l)
}

// End prints a line about all files together, if there are several.
func (t *Listing) End(w io.Writer) {
	if t.files > 1 {
		printList(w, &t.sum, count(t.files, "file"))
	}
}

// inspect reads s and describes it. It lists the programs if programs is set, and calls
// each for every segment unless that is nil.
func (a *app) inspect(s *source, programs bool, each func(*codec.SegmentInfo)) (*describe.List, error) {
	l := describe.NewList(s.name)
	m := a.meter(s.name, s.size())
	defer m.stop()
	err := codec.Inspect(m.reader(s.file), a.readerConfig(), programs, func(info *codec.SegmentInfo) error {
		l.Add(info, a.opt.json || a.opt.verbose)
		m.out.Add(info.Size)
		if info.Size > 0 && each != nil {
			each(info)
		}
		return nil
	})
	l.End(m.in.Load())
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
	return a.report(func(w *bufio.Writer) {
		a.listing.Add(w, l)
		if a.opt.verbose {
			printDetails(w, l)
		}
	})
}

// listTotals prints a line about all files together, if there are several.
func (a *app) listTotals() {
	if err := a.report(func(w *bufio.Writer) { a.listing.End(w) }); err != nil {
		a.fail("", err)
	}
}

// printList prints a line about what l describes, which is called name.
func printList(w io.Writer, l *describe.List, name string) {
	share, plan := "-", "none"
	if r := describe.Ratio(l.ProgramBlocks, l.Blocks); r != nil {
		share = fmt.Sprintf("%.1f %%", 100**r)
	}
	if len(l.Plans) == 1 {
		plan = l.Plans[0]
	} else if len(l.Plans) > 1 {
		plan = fmt.Sprintf("%s, %d more", l.Plans[0], len(l.Plans)-1)
	}
	speed := "-"
	if s := l.Speed(); s > 0 {
		speed = fmt.Sprintf("%.1f MB/s", float64(s)/1e6)
	}
	fmt.Fprintf(w, "%14d %14d  %5s  %8s  %5.1f MiB  %9s  %-*s  %s\n", l.Compressed, l.Original,
		describe.RatioText(l.Compressed, l.Original), share, float64(l.Memory)/(1<<20), speed, planWidth, plan, name)
}

// printDetails prints the headers, the numbers of segments and blocks, and the plans.
func printDetails(w *bufio.Writer, l *describe.List) {
	for i := range l.Headers {
		printHeader(w, &l.Headers[i])
	}
	fmt.Fprintf(w, "    %s, %s; programs and plans %d bytes, members %d bytes\n",
		count(l.Segments, "segment"), count(l.Blocks, "block"), l.ProgramBytes, l.RawBytes)
	for _, name := range l.Plans {
		fmt.Fprintf(w, "    plan %s\n", name)
	}
}

// printHeader prints a line about the header.
func printHeader(w *bufio.Writer, h *describe.Header) {
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
