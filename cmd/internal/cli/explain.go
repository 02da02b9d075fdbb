package cli

import (
	"bufio"
	"fmt"
	"strings"

	"github.com/ktzip/ktzip/codec"
)

// explain prints the plans and programs of s.
func (a *app) explain(s *source) error {
	e := &explainJSON{Plans: []planJSON{}, Programs: []programJSON{}}
	w := bufio.NewWriter(a.stdout)
	print := func(format string, args ...any) {
		if !a.opt.json {
			fmt.Fprintf(w, format, args...)
		}
	}
	print("%s:\n", printable(s.name))
	l, err := a.inspect(s, true, func(info *codec.SegmentInfo) {
		if info.Plan != nil {
			text := info.Plan.String()
			print("plan of the segment at offset %d, %d bytes\n%s", info.Offset, info.Size, indent(text))
			plan := planJSON{Offset: info.Offset, Size: info.Size, Text: text}
			first := 0
			for _, g := range info.Groups {
				group := groupJSON{Raw: g.Raw}
				for k, s := range g.Streams {
					print("stream %d: %d bytes, in %.0f\n", first+k, s.Size, s.Cost.Bits()/8)
					group.Streams = append(group.Streams, streamJSON{s.Size, s.Cost.Bits()})
				}
				print("%s in a GZIP member of %d bytes\n", streamNames(first, len(g.Streams)), g.Raw)
				first += len(g.Streams)
				plan.Groups = append(plan.Groups, group)
			}
			if a.opt.json {
				e.Plans = append(e.Plans, plan)
			}
		}
		for p := range info.Programs {
			bits := p.Cost.Bits()
			e.ProgramBits += bits
			e.Covered += int64(p.Length)
			print("stream %d, offset %d, length %d, cost %.1f bits\n%s", p.Stream, p.Offset, p.Length, bits, indent(p.Text))
			if a.opt.json {
				e.Programs = append(e.Programs, programJSON{p.Stream, p.Offset, p.Length, bits, p.Text})
			}
		}
	})
	if err == nil && a.opt.json {
		e.listJSON = *l
		return a.printJSON(false, e)
	}
	if err == nil {
		print("%d of %s with a program: %d of %d bytes in %.0f bits; the other %d bytes in %d bytes of GZIP\n",
			l.ProgramBlocks, count(l.Blocks, "block"), e.Covered, l.Original, e.ProgramBits, l.Original-e.Covered, l.RawBytes)
	}
	if flushed := w.Flush(); flushed != nil {
		return &outputError{stdoutName, flushed}
	}
	return err
}

// streamNames names n consecutive streams.
func streamNames(first, n int) string {
	if n == 1 {
		return fmt.Sprintf("stream %d", first)
	}
	return fmt.Sprintf("streams %d to %d", first, first+n-1)
}

// indent puts spaces before each line of text.
func indent(text string) string {
	text = strings.TrimSuffix(text, "\n")
	return "    " + strings.ReplaceAll(text, "\n", "\n    ") + "\n"
}
