package dsl

import (
	"errors"
	"math"
	"slices"
	"testing"
)

// addTexts seeds f with the text of programs.
func addTexts(f *testing.F) {
	for _, pair := range readPairs(f, pairFiles[1])[:20] {
		f.Add(pair.Program)
	}
	r := newSampler(11)
	for range 20 {
		f.Add(r.program(1+r.IntN(10), Plan).String())
	}
	for _, c := range semantics {
		f.Add(call(c.op, c.s, c.t, c.nums...).String())
	}
}

// FuzzParse checks that printing keeps what was parsed.
func FuzzParse(f *testing.F) {
	addTexts(f)
	f.Fuzz(func(t *testing.T, text string) {
		p, err := Parse(text, Plan)
		if err != nil {
			var e *SyntaxError
			if !errors.As(err, &e) || e.Line < 1 || e.Column < 1 || e.Column > len(e.Text)+1 || e.Error() == "" {
				t.Fatalf("%q: %#v", text, err)
			}
			return
		}
		q, err := Parse(p.String(), Plan)
		if err != nil || !same(p, q) || p.String() != q.String() {
			t.Fatalf("%v\n%s\nprinted and parsed as\n%v", err, p, q)
		}
	})
}

// FuzzMachine executes programs, from text or from bits, under a small budget.
func FuzzMachine(f *testing.F) {
	for _, pair := range readPairs(f, pairFiles[1])[:20] {
		f.Add(pair.Program, []byte(nil), uint16(4096), uint16(1024))
	}
	for _, c := range semantics {
		f.Add(call(c.op, c.s, c.t, c.nums...).String(), []byte(nil), uint16(200), uint16(20))
	}
	section, _ := smallSection(f)
	f.Add("", section, uint16(4096), uint16(1024))
	f.Fuzz(func(t *testing.T, text string, section []byte, steps, elements uint16) {
		b := Budget{Steps: int64(steps), Elements: int64(elements)}
		var programs []*Program
		if p, err := Parse(text, Block); err == nil {
			programs = append(programs, p, p.Canonical())
		} else {
			_, programs, _ = readSection(t, section, 16, b.Elements)
		}
		var m Machine
		for _, p := range programs {
			if p == nil {
				continue
			}
			out, used, err := m.Run(p, b)
			made := int64(0)
			for _, l := range m.lists {
				made += int64(len(l))
			}
			switch {
			case made > b.Elements:
				t.Fatalf("%s\nmade %d elements of %d", p, made, b.Elements)
			case int64(cap(m.arena)) > b.Elements*2+64:
				t.Fatalf("%s\nhas room for %d elements of %d", p, cap(m.arena), b.Elements)
			case err == nil && used > b.Steps:
				t.Fatalf("%s\ntook %d steps of %d", p, used, b.Steps)
			case err == nil:
				want := append(ints(nil), out...)
				again, steps, err := m.Run(p, Budget{Steps: used, Elements: b.Elements})
				if err != nil || steps != used || !slices.Equal(again, want) {
					t.Fatalf("%s\n%v, %d steps; again %v, %d steps, %v", p, want, used, again, steps, err)
				}
			case !errors.Is(err, ErrLimit) && !errors.Is(err, ErrExecution):
				t.Fatalf("%s\n%v", p, err)
			}
			dst := make([]byte, len(out))
			if _, err := m.Bytes(dst, p, b); err != nil && !errors.Is(err, ErrLimit) && !errors.Is(err, ErrExecution) {
				t.Fatalf("%s\n%v", p, err)
			}
		}
	})
}

// FuzzBits reads arbitrary bytes as a section; what was read is written and
// read again, and costs what was written.
func FuzzBits(f *testing.F) {
	section, _ := smallSection(f)
	f.Add(section)
	f.Add([]byte{})
	f.Add([]byte{255, 255, 255, 255, 255, 255, 255, 255})
	f.Add(make([]byte, 64))
	r := newSampler(12)
	for range 8 {
		e := NewEncoder()
		e.Plan(Identity())
		for range 8 {
			e.Program(r.program(1+r.IntN(10), Block).Canonical())
			e.Raw()
		}
		f.Add(e.Finish())
	}
	f.Fuzz(func(t *testing.T, section []byte) {
		plan, programs, _ := readSection(t, section, 64, 1<<12)
		if plan == nil {
			return
		}
		e := NewEncoder()
		e.Plan(plan)
		before, cost := len(e.w.out), Cost(0)
		for _, p := range programs {
			if p == nil {
				cost += e.RawCost()
				e.Raw()
			} else {
				cost += e.ProgramCost(p)
				e.Program(p)
			}
		}
		again := e.Finish()
		if bits := float64(8 * (len(again) - before)); math.Abs(bits-cost.Bits()) > 48+cost.Bits()/500 {
			t.Fatalf("costs %.1f bits, wrote %.0f", cost.Bits(), bits)
		}
		d := NewDecoder(again)
		if p, err := d.Plan(); err != nil || !same(p, plan) {
			t.Fatalf("plan\n%s\nread again as\n%v, %v", plan, p, err)
		}
		for i, want := range programs {
			p, err := d.Next(1 << 12)
			if err != nil || (p == nil) != (want == nil) || p != nil && !same(p, want) {
				t.Fatalf("block %d\n%v\nread again as\n%v, %v", i, want, p, err)
			}
		}
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
	})
}
