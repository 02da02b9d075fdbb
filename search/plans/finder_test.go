package plans

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"testing"

	"github.com/klauspost/compress/flate"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
)

// deflated is how many bytes deflate needs for a stream.
func deflated(stream []byte) int {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, 6)
	w.Write(stream)
	w.Close()
	return b.Len()
}

// planned are the bytes that src takes with the best plan proposed and without.
func planned(t *testing.T, level int, src []byte) (best, plain int, shortest *dsl.Program) {
	t.Helper()
	plain = deflated(src)
	best = plain
	var m plan.Machine
	for _, p := range New(level).Plans(t.Context(), src, deflated) {
		streams, err := m.Split(src, p)
		if err != nil {
			t.Fatalf("%s\n%v", p, err)
		}
		if n := deflated(bytes.Join(streams, nil)); n < best {
			best, shortest = n, p
		}
	}
	return best, plain, shortest
}

// TestPlansFound looks for plans of data whose structure is known.
func TestPlansFound(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine, too slow")
	}
	r := rand.New(rand.NewPCG(1, 2))
	le, be := binary.LittleEndian, binary.BigEndian
	wander := func(n, channels, noise int, put func(b []byte, x int) []byte) []byte {
		x := make([]int, channels)
		var b []byte
		for i := range n {
			k := i % channels
			x[k] += r.IntN(2*noise+1) - noise
			b = put(b, x[k])
		}
		return b
	}
	put16 := func(b []byte, x int) []byte { return le.AppendUint16(b, uint16(x)) }
	put16be := func(b []byte, x int) []byte { return be.AppendUint16(b, uint16(x)) }
	put32 := func(b []byte, x int) []byte { return le.AppendUint32(b, uint32(x)) }
	image := func(width, height int) []byte {
		var b []byte
		for y := range height {
			for x := range width {
				b = le.AppendUint16(b, uint16(2000+x*x/30+y*y/20+x*y/40+r.IntN(6)))
			}
		}
		return b
	}
	header := make([]byte, 45)
	for i := range header {
		header[i] = byte(r.Uint32())
	}
	for _, c := range []struct {
		name string
		src  []byte
		want float64 // at most this share of what deflate alone needs
	}{
		{"16 bits, one channel", wander(60000, 1, 30, put16), 0.75},
		{"16 bits, 12 channels", wander(60000, 12, 30, put16), 0.75},
		{"16 bits, big endian, 3 channels", wander(60000, 3, 30, put16be), 0.75},
		{"32 bits, 5 channels", wander(40000, 5, 200, put32), 0.60},
		{"after 45 bytes", append(header, wander(60000, 2, 30, put16)...), 0.76},
		{"an image", image(300, 200), 0.45},
	} {
		levels := []int{1, 6, 9}
		if testing.Short() {
			levels = []int{6}
		}
		for _, level := range levels {
			best, plain, plan := planned(t, level, c.src)
			if want := c.want; float64(best) > want*float64(plain) {
				t.Errorf("%s, level %d: %d bytes of %d, %.3f\n%v", c.name, level, best, plain, float64(best)/float64(plain), plan)
			}
		}
	}
}

// TestNoPlans looks for plans where there are none.
func TestNoPlans(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine, too slow")
	}
	r := rand.New(rand.NewPCG(3, 4))
	noise := make([]byte, 100_000)
	for i := range noise {
		noise[i] = byte(r.Uint32())
	}
	for n := range 600 { // every length
		for _, p := range New(6).Plans(t.Context(), noise[:n], func(s []byte) int { return len(s) }) {
			t.Errorf("%d bytes of noise have the plan\n%s", n, p)
		}
	}
	p := New(6)
	if got := p.Plans(t.Context(), noise, deflated); len(got) > 0 {
		t.Errorf("noise has the plan\n%s", got[0])
	}
	calls := 0
	text := bytes.Repeat([]byte("When in the course of human events, it becomes necessary for one people\n"), 1000)
	for i := range text {
		if r.IntN(9) == 0 {
			text[i] = text[r.IntN(len(text))]
		}
	}
	p.Plans(t.Context(), text, func(s []byte) int { calls++; return deflated(s) })
	t.Logf("text: %d trials", calls)
}

// TestPlansRepeat wants the same answer to the same question.
func TestPlansRepeat(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine, too slow")
	}
	r := rand.New(rand.NewPCG(5, 6))
	var src []byte
	for i := range 30000 {
		src = binary.LittleEndian.AppendUint16(src, uint16(i*7+r.IntN(50)))
	}
	p := New(6)
	first := p.Plans(t.Context(), src, deflated)
	again := p.Plans(t.Context(), src, deflated)
	if len(first) == 0 || len(first) != len(again) {
		t.Fatalf("%d plans, then %d", len(first), len(again))
	}
	for i := range first {
		if first[i].String() != again[i].String() {
			t.Errorf("%s\nthen\n%s", first[i], again[i])
		}
	}
}

// TestSections cuts data of two natures that alternate often: pieces as short as units.
func TestSections(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine, too slow")
	}
	r := rand.New(rand.NewPCG(7, 8))
	e := &efforts[6]
	var m plan.Machine
	found, files := 0, 4
	if testing.Short() {
		files = 1
	}
	for range files {
		var src []byte
		x := 0
		for len(src) < 10*sectionUnit {
			for range sectionUnit/4 + r.IntN(2*sectionUnit) {
				src = append(src, "etaoin shrdlu\n"[r.IntN(14)])
			}
			for range sectionUnit/8 + r.IntN(sectionUnit) {
				x += r.IntN(61) - 30
				src = binary.LittleEndian.AppendUint16(src, uint16(x))
			}
		}
		tr := newTrial(e, src, roughly, &meter{ctx: t.Context()})
		ends := tr.sectionEnds(tr.windowRecipes())
		for i, end := range ends {
			if i > 0 && end <= ends[i-1] || end > len(src) {
				t.Fatalf("sections of %d bytes end at %d", len(src), ends)
			}
		}
		if p := tr.sectioned(); p != nil {
			found++
			if _, err := m.Split(src, p); err != nil {
				t.Errorf("%s\n%v", p, err)
			}
		}
	}
	for n := range 2 * minPlanned { // what may be left of a segment
		if p := newTrial(e, bytes.Repeat([]byte{1, 9}, n)[:n], roughly, &meter{ctx: t.Context()}).shortest(); p == nil {
			t.Fatal("no plan")
		}
	}
	t.Logf("%d of %d are cut into sections", found, files)
}
