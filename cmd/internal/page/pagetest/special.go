package pagetest

import (
	"math/rand/v2"
	"slices"

	"github.com/ktzip/ktzip/cmd/internal/describe"
)

// Hostile are texts that are markup, or that deceive, if a page takes them for more than text.
var Hostile = []string{
	"</script><script>alert(1)</script>", "<img src=x onerror=alert(2)>", "<!--<script>", "]]>", "'\"><svg onload=alert(3)>", "{{.Script}}",
	"line\u2028separator\u2029", "nul\x00byte", "\u202egnp.exe\u2066", "javascript:alert(4)", "&lt;b&gt;", "bad\xffutf8",
	"</title></style></noscript></pre><script>alert(5)</script>", "${alert(6)}", "\u200b\ufeff",
}

// HostileReport returns a report in which each text that a file can decide is one of Hostile.
func HostileReport() *describe.Report {
	r := Report()
	i := 0
	next := func(s *string) {
		*s = Hostile[i%len(Hostile)]
		i++
	}
	for _, list := range [][]string{r.Words, r.List.Plans} {
		for k := range list {
			next(&list[k])
		}
	}
	r.List.Name = Hostile[0] + Hostile[1]
	next(&r.From)
	next(&r.Version)
	for k := range r.List.Headers {
		next(&r.List.Headers[k].Name)
	}
	for k := range r.Damage {
		next(&r.Damage[k].Error)
	}
	for k := range r.Segments {
		s := &r.Segments[k]
		next(&s.Plan)
		next(&s.Preview)
		for n := range s.Sections {
			next(&s.Sections[n].Words)
		}
	}
	for k := range r.Costly {
		next(&r.Costly[k].Words)
	}
	for k := range r.Parts {
		next(&r.Parts[k].Words)
		for n := range r.Parts[k].Samples {
			next(&r.Parts[k].Samples[n])
		}
	}
	for k := range r.Methods {
		next(&r.Methods[k].Name)
	}
	for k := range r.Programs {
		next(&r.Programs[k].Text)
	}
	for k := range r.Details {
		hostileDetail(&r.Details[k], next)
	}
	return r
}

// hostileDetail is the part of HostileReport for a detail.
func hostileDetail(d *describe.Detail, next func(*string)) {
	for k := range d.Words {
		next(&d.Words[k])
	}
	next(&d.Text)
	for k := range d.Nodes {
		next(&d.Nodes[k].Name)
		next(&d.Nodes[k].Line)
		next(&d.Nodes[k].Words)
	}
	for k := range d.Groups {
		for n := range d.Groups[k].Streams {
			next(&d.Groups[k].Streams[n].Words)
		}
		for n := range d.Groups[k].Predictor {
			next(&d.Groups[k].Predictor[n].Line)
			next(&d.Groups[k].Predictor[n].Words)
		}
	}
	for i := range d.Tables {
		t := &d.Tables[i]
		next(&t.Words)
		for k := range t.Kinds {
			next(&t.Kinds[k].Name)
			next(&t.Kinds[k].Example)
			for n := range t.Kinds[k].Fields {
				f := &t.Kinds[k].Fields[n]
				next(&f.Type)
				next(&f.Predictor)
				next(&f.Samples[0])
			}
		}
	}
	for k := range d.Signals {
		next(&d.Signals[k].Words)
		next(&d.Signals[k].Type)
	}
	for k := range d.Images {
		next(&d.Images[k].Words)
	}
	for i := range d.Texts {
		t := &d.Texts[i]
		next(&t.Words)
		for k := range t.Templates {
			next(&t.Templates[k].Text)
			for n := range t.Templates[k].Slots {
				s := &t.Templates[k].Slots[n]
				next(&s.Text)
				next(&s.Name)
				next(&s.Words)
				next(&s.Samples[0])
			}
		}
	}
}

// Large returns a report as 100 MB of input have it: 100 segments of 160 cells, each with a plan.
func Large() *describe.Report {
	r := Report()
	first, details := r.Segments[0], r.Details
	r.Segments, r.Details = nil, nil
	rng := rand.New(rand.NewPCG(3, 4))
	for i := range 100 {
		s := segment(rng, 0, int64(i)*first.Size, first.Size)
		for k := range s.Sections {
			s.Sections[k].Segment = i
		}
		s.Detail = i
		r.Segments = append(r.Segments, s)
		d := details[0]
		if i > 0 { // pictures of the first alone, as a bounded report has them
			d.Signals, d.Images = nil, nil
		}
		d.Tables = slices.Clone(d.Tables)
		d.Tables[0].Kinds = d.Tables[0].Kinds[:4]
		r.Details = append(r.Details, d)
	}
	r.List.Segments, r.List.Original, r.List.Compressed = 100, 100*first.Size, 100*first.Coded
	return r
}

// Empty returns a report of an empty file: all lists are nil.
func Empty() *describe.Report {
	return &describe.Report{List: describe.NewList("")}
}

// Bare returns a report whose parts are there but hold nothing.
func Bare() *describe.Report {
	return &describe.Report{
		List: describe.NewList("bare"), Words: []string{""}, Damage: []describe.Damage{{}}, Costly: []describe.Stretch{{}},
		Segments: []describe.SegmentPart{{}, {Size: 10, Detail: -1}, {Offset: 10, Size: 1 << 60, Cell: 1 << 30, Heat: []int{1 << 30, -5}, Sections: []describe.Stretch{{}}}},
		Details: []describe.Detail{{}, {
			Nodes: []describe.Node{{}}, Groups: []describe.GroupPart{{}, {Predictor: []describe.Component{{}}}}, Tables: []describe.Table{{}, {Kinds: []describe.Kind{{}, {Fields: []describe.Field{{}}}}}},
			Signals: []describe.Signal{{}, {Channels: []describe.Channel{{}, {Values: []float64{1e300}, Rest: []float64{-1e300}}}}},
			Images:  []describe.Image{{}, {Columns: 3, Rows: 2, Channels: 3, Pixels: []byte{1}}}, Texts: []describe.TextTable{{}, {Templates: []describe.Template{{}, {Slots: []describe.Slot{{}}}}}},
		}},
		Programs: []describe.ProgramBlock{{}}, Methods: []describe.Method{{}},
	}
}

// Wrong returns a report with numbers of parts that it does not have, and a plan that refers to itself,
// and a plan of 5000 steps.
func Wrong() *describe.Report {
	r := Report()
	r.Segments[0].Detail, r.Segments[1].Detail = 99, 1
	r.Segments[2].Sections[0].Offset = -5
	r.Costly[0].Segment = 7
	r.Programs[5].Refers = []int{-1, 1 << 30}
	d := &r.Details[0]
	d.Out = 70
	r.Details[1].Nodes[7].Args = []int{7, 8, -1, 500, 6, 6}
	r.Details[1].Nodes[3].Stream = 12
	r.Details = append(r.Details, describe.Detail{Nodes: d.Nodes, Out: -1})
	long := describe.Detail{Out: 4999, Nodes: []describe.Node{{}}}
	for i := range 4999 {
		long.Nodes = append(long.Nodes, describe.Node{Args: []int{i}, Stream: -1})
	}
	r.Details = append(r.Details, long)
	return r
}
