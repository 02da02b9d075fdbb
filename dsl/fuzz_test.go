package dsl

import (
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/dsl/internal/dsltest"
	"github.com/ktzip/ktzip/internal/mutate"
)

// addTexts seeds f with the text of programs.
func addTexts(f *mutate.F) {
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
	for _, stream := range readStreams(f) {
		for _, s := range stream {
			if s.program != nil {
				f.Add(s.program.String())
			}
		}
	}
}

// FuzzParse checks that printing keeps what was parsed, in either role.
func FuzzParse(plain *testing.F) {
	f := mutate.Of(plain)
	addTexts(f)
	f.Fuzz(func(t *testing.T, text string) {
		for _, role := range []Role{Block, Plan} {
			p, err := Parse(text, role)
			if err != nil {
				var e *SyntaxError
				if !errors.As(err, &e) || e.Line < 1 || e.Column < 1 || e.Column > len(e.Text)+1 || e.Error() == "" {
					t.Fatalf("%q: %#v", text, err)
				}
				continue
			}
			if k := deepest(p); k > PastLists || k > 0 && role == Plan {
				t.Fatalf("%q: earlier_%d in role %d", text, k, role)
			}
			q, err := Parse(p.String(), role)
			if err != nil || !same(p, q) || p.String() != q.String() {
				t.Fatalf("%v\n%s\nprinted and parsed as\n%v", err, p, q)
			}
		}
	})
}

// FuzzMachine executes programs, from text or from bits, with a small budget in the middle
// of a stream.
func FuzzMachine(plain *testing.F) {
	f := mutate.Of(plain)
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
			_, programs, _ = readSection(t, section, 16, b.Elements, 6)
		}
		m := midStream() // with 4 earlier lists
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
			case err == nil && deepest(p) > m.Earlier():
				t.Fatalf("%s\nruns with %d earlier lists", p, m.Earlier())
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

// FuzzBits reads arbitrary bytes as a section, and writes and reads again what it read. The
// cost must be the length.
func FuzzBits(plain *testing.F) {
	f := mutate.Of(plain)
	section, _ := smallSection(f)
	f.Add(section, uint16(3))
	for _, g := range dsltest.Golden(f, "..", "3") {
		f.Add(g.Programs, uint16(PastLists))
	}
	f.Add([]byte{}, uint16(0))
	f.Add([]byte{255, 255, 255, 255, 255, 255, 255, 255}, uint16(0))
	f.Add(make([]byte, 64), uint16(1))
	r := newSampler(12)
	for i := range 8 {
		r.earlier = i * 36
		f.Add(r.section(8), uint16(r.earlier))
	}
	f.Fuzz(func(t *testing.T, section []byte, lists uint16) {
		earlier := int(lists) % (PastLists + 1)
		plan, programs, _ := readSection(t, section, 64, 1<<12, earlier)
		if plan == nil {
			return
		}
		e := NewEncoder(Edition2)
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
		d := NewDecoder(again, Edition2)
		if p, err := d.Plan(); err != nil || !same(p, plan) {
			t.Fatalf("plan\n%s\nread again as\n%v, %v", plan, p, err)
		}
		for i, want := range programs {
			p, err := d.Next(literals(1<<12), earlier)
			if err != nil || (p == nil) != (want == nil) || p != nil && !same(p, want) {
				t.Fatalf("block %d\n%v\nread again as\n%v, %v", i, want, p, err)
			}
		}
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
	})
}

// section draws a section of this many programs and some raw blocks.
func (r sampler) section(programs int) []byte {
	e := NewEncoder(Edition2)
	e.Plan(Identity())
	for range programs {
		e.Program(r.program(1+r.IntN(10), Block).Canonical())
		if r.IntN(2) == 0 {
			e.Raw()
		}
	}
	return e.Finish()
}

// FuzzBlocks reads arbitrary bytes as a section and restores a stream from it, twice; a
// block whose program fails counts as raw. What is left for later programs must follow the
// rule, and the second run the first.
func FuzzBlocks(plain *testing.F) {
	f := mutate.Of(plain)
	section, _ := smallSection(f)
	f.Add(section, uint16(128))
	for _, g := range dsltest.Golden(f, "..", "3") {
		f.Add(g.Programs, uint16(128))
	}
	f.Add(make([]byte, 64), uint16(1))
	r := newSampler(13)
	for i := range 8 {
		r.earlier = i
		f.Add(r.section(12), uint16(16))
	}
	for _, stream := range readStreams(f) {
		e := NewEncoder(Edition2)
		e.Plan(Identity())
		for _, s := range stream {
			if s.program != nil {
				e.Program(s.program.Canonical())
			} else {
				e.Raw()
			}
		}
		f.Add(e.Finish(), uint16(4))
	}
	f.Fuzz(func(t *testing.T, section []byte, size uint16) {
		const blocks = 48
		n := 1 + int(size-1)%4096
		var m Machine
		first := restoreBlocks(t, &m, section, n, blocks)
		if again := restoreBlocks(t, &m, section, n, blocks); again != first {
			t.Fatalf("blocks of %d bytes: first\n%s\nagain\n%s", n, first, again)
		}
	})
}

// restoreBlocks restores a stream of blocks of n bytes and returns a log of them.
func restoreBlocks(t *testing.T, m *Machine, section []byte, n, blocks int) string {
	var log strings.Builder
	d := NewDecoder(section, Edition2)
	if _, err := d.Plan(); err != nil {
		return err.Error()
	}
	m.Forget()
	var all [][]int32 // since the last raw block
	stream := make([]byte, n*blocks)
	budget := BlockBudget(n)
	for at := 0; at < len(stream); at += n {
		p, err := d.Next(budget, m.Earlier())
		if err != nil {
			if !errors.Is(err, ErrCorrupt) && !errors.Is(err, ErrLimit) {
				t.Fatalf("%v, want ErrCorrupt or ErrLimit", err)
			}
			fmt.Fprintln(&log, err)
			break
		}
		raw := p == nil
		if !raw {
			sound(t, p, Block, m.Earlier())
			steps, err := m.Block(stream, at, n, p, budget)
			switch {
			case err == nil && steps > budget.Steps:
				t.Fatalf("%s\ntook %d steps of %d", p, steps, budget.Steps)
			case err != nil && !errors.Is(err, ErrLimit) && !errors.Is(err, ErrExecution):
				t.Fatalf("%s\n%v", p, err)
			case errors.Is(err, errEarlier):
				t.Fatalf("%s\nwas read with %d earlier lists: %v", p, m.Earlier(), err)
			}
			fmt.Fprintln(&log, steps, err)
			raw = err != nil
			for _, list := range m.lists {
				all = append(all, slices.Clone(list))
			}
		}
		if raw {
			for i := range n {
				stream[at+i] = byte(at + i*i)
			}
			m.Forget()
			all = nil
		}
		all = kept(all)
		if m.Earlier() > PastLists || len(m.Left()) > MaxRest || !slices.EqualFunc(inUse(&m.history), all, slices.Equal) {
			t.Fatalf("at %d, %d lists and %d elements are left; want %d lists", at, m.Earlier(), len(m.Left()), len(all))
		}
		fmt.Fprintln(&log, m.Earlier(), m.Left(), crc32.ChecksumIEEE(stream[at:at+n]))
	}
	return log.String()
}
