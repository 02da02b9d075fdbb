package cli

import (
	"bufio"
	"fmt"
	"strings"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/dsl"
)

// explain prints the programs of s.
func (a *app) explain(s *source) error {
	e := &explainJSON{Programs: []programJSON{}}
	w := bufio.NewWriter(a.stdout)
	print := func(format string, args ...any) {
		if !a.opt.json {
			fmt.Fprintf(w, format, args...)
		}
	}
	print("%s:\n", printable(s.name))
	l, err := a.inspect(s, true, func(info *codec.SegmentInfo) {
		if !isIdentity(info.Plan) {
			print("plan of the segment at offset %d, %d bytes\n%s", info.Offset, info.Size, indent(info.Plan))
		}
		for i := range info.Programs {
			p := &info.Programs[i]
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

var identity = dsl.Identity().String()

func isIdentity(plan string) bool { return plan == identity }

// indent puts spaces before each line of text.
func indent(text string) string {
	text = strings.TrimSuffix(text, "\n")
	return "    " + strings.ReplaceAll(text, "\n", "\n    ") + "\n"
}
