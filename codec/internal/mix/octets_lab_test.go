package mix

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// LAB=file of lines: FILE head,at,element,unit,plus,align,first keys=.. c=MASK b=BUCKETS m=MATCH
func TestLab(t *testing.T) {
	path := os.Getenv("LAB")
	if path == "" {
		t.Skip()
	}
	text, _ := os.ReadFile(path)
	makeTables()
	for _, line := range strings.Split(string(text), "\n") {
		f := strings.Fields(line)
		if len(f) < 2 || f[0][0] == '#' {
			continue
		}
		name := "/work/shared/files/" + f[0]
		if _, err := os.Stat(name); err != nil {
			name = "/work/shared/field/" + f[0]
		}
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		nums := func(s string) (list []int) {
			for _, x := range strings.Split(s, ",") {
				v, err := strconv.ParseInt(x, 0, 64)
				if err != nil {
					t.Fatal(line)
				}
				list = append(list, int(v))
			}
			return list
		}
		p := &Bytes{Buckets: 18, Match: 4, Contexts: 0x1477f, Experts: 0x1f}
		cut := 0
		for _, a := range f[1:] {
			key, value, _ := strings.Cut(a, "=")
			n := nums(value)
			switch key {
			case "first":
				p.Frame.First = n[0]
			case "len":
				p.Frame.Length = n[0]
			case "head": // head,at,element,plus
				p.Frame.Unit, p.Frame.Align = max(p.Frame.Unit, 1), max(p.Frame.Align, 1)
				p.Frame.Head, p.Frame.At, p.Frame.Element, p.Frame.Plus = n[0], n[1], n[2], n[3]
			case "unit":
				p.Frame.Unit = n[0]
			case "align":
				p.Frame.Align = n[0]
			case "keys":
				p.Frame.Keys = n
			case "types":
				for i := 0; i+2 < len(n); i += 3 {
					p.Frame.Types = append(p.Frame.Types, Type{n[i], n[i+1], n[i+2]})
				}
			case "c":
				p.Contexts = uint(n[0])
			case "b":
				p.Buckets = n[0]
			case "x":
				p.Experts = uint(n[0])
			case "m":
				p.Match = n[0]
			case "cut":
				cut = n[0]
			}
		}
		p.Experts = uint(knob("X", int(p.Experts)))
		p.Contexts = uint(knob("C", int(p.Contexts)))
		p.Contexts |= uint(knob("CADD", 0))
		p.Contexts &^= uint(knob("CDEL", 0))
		p.Buckets = knob("B", p.Buckets)
		p.Match = knob("M", p.Match)
		if cut > 0 {
			src = src[:cut]
		}
		if err := p.Check(); err != nil {
			t.Fatal(err)
		}
		var m octets
		var c coder
		best := time.Hour
		var out []byte
		reps := knob("REPS", 1)
		for range reps {
			c.encode(nil)
			start := cpu()
			m.reset(p, &c)
			m.run(context.Background(), bytes.Clone(src))
			out = c.flush()
			best = min(best, cpu()-start)
		}
		same := "-"
		if knob("NODEC", 0) == 0 {
			c.decode(out)
			m.reset(p, &c)
			dst := make([]byte, len(src))
			m.run(context.Background(), dst)
			same = strconv.FormatBool(bytes.Equal(src, dst))
		}
		fmt.Printf("%7d %.4f %5.2f MB/s %s %s\n", len(out), float64(len(out))/float64(len(src)), float64(len(src))/1e6/best.Seconds(), same, line)
	}
}
