package baseline

import (
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"math"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/cmd/internal/zlib"
	"github.com/ktzip/ktzip/search/seqcoder/model"
)

// tiny has weights of a small model.
const tiny = "../../../search/seqcoder/model/testdata/tiny.safetensors"

// each returns sequences as Rates takes them, then err unless it is nil.
func each(list [][]byte, err error) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for _, s := range list {
			if !yield(s, nil) {
				return
			}
		}
		if err != nil {
			yield(nil, err)
		}
	}
}

// drawn returns n sequences of size elements that draw returns.
func drawn(n, size int, draw func(r *rand.Rand, i int) byte) (list [][]byte) {
	r := rand.New(rand.NewPCG(uint64(n), uint64(size)))
	for range n {
		s := make([]byte, size)
		for i := range s {
			s[i] = draw(r, i)
		}
		list = append(list, s)
	}
	return list
}

// measured returns the rates of sequences.
func measured(t *testing.T, names []string, opt *Options, list [][]byte) *Rates {
	t.Helper()
	s, err := New(names, opt)
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Rates(t.Context(), "x", each(list, nil))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// models are the baselines that this machine has.
func models() []string {
	if zlib.New() == nil {
		return []string{"order2", "lmic"}
	}
	return Names()
}

// TestRatesOfKnownData measures data whose entropy is known.
func TestRatesOfKnownData(t *testing.T) {
	opt := &Options{Device: "cpu", Threads: 1}
	uniform := func(r *rand.Rand, _ int) byte { return byte(r.Uint32()) }
	constant := func(*rand.Rand, int) byte { return 77 }
	bits := func(r *rand.Rand, _ int) byte { return "ab"[r.IntN(2)] }
	ramp := func(_ *rand.Rand, i int) byte { return byte(30 + i) }
	type bounds map[string][2]float64
	for _, c := range []struct {
		name   string
		list   [][]byte
		bounds bounds
	}{
		{"uniform", drawn(40, 128, uniform), bounds{
			"gzip_each": {1.4, 1.7}, "gzip_joined": {1.1, 1.4}, "gzip_joined_bytes": {1, 1.02}, // a half of the bytes are two in UTF-8
			"order2_each": {1.03, 1.06}, "order2_joined": {1.05, 1.2}}},
		{"constant", drawn(40, 128, constant), bounds{
			"gzip_each": {0.17, 0.2}, "gzip_joined": {0, 0.05}, "gzip_joined_bytes": {0, 0.01},
			"order2_each": {0.01, 0.03}, "order2_joined": {0, 0.01}}},
		{"a bit a byte", drawn(40, 128, bits), bounds{
			"gzip_joined_bytes": {0.125, 0.2}, "order2_each": {0.125, 0.2}, "order2_joined": {0.125, 0.13}}},
		{"ramp", drawn(40, 128, ramp), bounds{"order2_each": {1, 1.3}, "order2_joined": {0, 0.1}}},
	} {
		r := measured(t, models()[:len(models())-1], opt, c.list)
		if r.Sequences != 40 || r.Bytes != 40*128 {
			t.Errorf("%d sequences of %d bytes", r.Sequences, r.Bytes)
		}
		for name, b := range c.bounds {
			if v, ok := r.Rates[name]; ok && (v < b[0] || v > b[1]) {
				t.Errorf("%s: %s is %.4f, want %v to %v", c.name, name, v, b[0], b[1])
			}
		}
	}
}

// TestModelKnowsTheDistribution measures, with the embedded weights, sequences that a model of the test knows, and
// others.
func TestModelKnowsTheDistribution(t *testing.T) {
	opt := &Options{Device: "cpu", Threads: 1}
	ramp := drawn(4, 90, func(_ *rand.Rand, i int) byte { return byte(30 + i) })
	uniform := drawn(4, 90, func(r *rand.Rand, _ int) byte { return byte(r.Uint32()) })
	if v := measured(t, []string{"lmic"}, opt, ramp).Rates["lmic_each"]; v > 0.06 {
		t.Errorf("%.4f of a ramp", v)
	}
	if v := measured(t, []string{"lmic"}, opt, uniform).Rates["lmic_each"]; v < 1 || v > 1.2 {
		t.Errorf("%.4f of uniform bytes", v)
	}
}

// TestOrder2IsTheFormula computes a code length by hand.
func TestOrder2IsTheFormula(t *testing.T) {
	const u = 1.0 / 256 // p_{-1}
	want := -math.Log2(u)
	// b: order 0 has a; the context a is new.
	want -= math.Log2((0 + 2*1*u) / (1 + 2*1))
	// a: order 0 has a and b; the contexts b and ab are new.
	want -= math.Log2((1 + 2*2*u) / (2 + 2*2))
	// b: order 0 has a twice, and b, since the contexts before a were new; a was seen before b; ba is new.
	p := (1 + 2*2*u) / (3 + 2*2)
	want -= math.Log2((1 + 2*1*p) / (1 + 2*1))
	var m order2
	m.add([]byte("abab"))
	if math.Abs(m.bits-want) > 1e-9 {
		t.Errorf("%v bits, want %v", m.bits, want)
	}
}

// TestCodeLengthIsTheModels compares with the probabilities after each beginning of a piece, read at once.
func TestCodeLengthIsTheModels(t *testing.T) {
	w, err := model.ReadWeights(tiny)
	if err != nil {
		t.Fatal(err)
	}
	m := model.New(w, nil)
	r := rand.New(rand.NewPCG(5, 6))
	var pieces [][]byte
	want := 0.0
	for range 9 {
		p := make([]byte, 1+r.IntN(min(w.Context, 20)))
		for i := range p {
			p[i] = byte(r.Uint32())
		}
		pieces = append(pieces, p)
		want += 8
		for n := 1; n < len(p); n++ {
			want -= math.Log2(probability(t, m, p[:n], p[n]))
		}
	}
	got, err := codeLength(t.Context(), m, pieces)
	if err != nil || math.Abs(got-want) > 1e-3*want {
		t.Errorf("%v bits, want %v; %v", got, want, err)
	}
	if !m.Idle() {
		t.Error("a text is left")
	}
}

// probability returns the probability of a byte after a text, of all bytes.
func probability(t *testing.T, m *model.Model, text []byte, next byte) float64 {
	t.Helper()
	c := m.NewCache()
	defer c.Release()
	var tokens []model.Token
	for _, b := range text {
		tokens = append(tokens, model.Token(b))
	}
	mask := make([]uint32, m.Weights().MaskWords())
	for i := range 8 {
		mask[i] = math.MaxUint32
	}
	all, err := m.Extend([]*model.Cache{c}, [][]model.Token{tokens}, mask, 256)
	if err != nil {
		t.Fatal(err)
	}
	sum, p := 0.0, 0.0
	for k, id := range all.IDs {
		v := math.Exp(float64(all.Logits[k] - all.Logits[0]))
		if sum += v; id == int32(next) {
			p = v
		}
	}
	return p / sum
}

// TestThreadsChangeNothing holds that rates are the same with any number of threads, also of sequences that are longer
// than the context, and that a Set measures several files.
func TestThreadsChangeNothing(t *testing.T) {
	list := drawn(130, 20, func(r *rand.Rand, i int) byte { return byte(r.IntN(1 + i)) })
	list = append(list, bytes.Repeat([]byte("long"), 300), []byte{5})
	want := measured(t, models(), &Options{Model: tiny, Device: "cpu", Threads: 1}, list)
	s, err := New(models(), &Options{Model: tiny, Device: "cpu", Threads: 3})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		got, err := s.Rates(t.Context(), "x", each(list, nil))
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%+v, want %+v; %v", got, want, err)
		}
	}
	info, err := os.Stat(tiny)
	if err != nil {
		t.Fatal(err)
	}
	if d := (want.Rates["lmic_with_weights"] - want.Rates["lmic_each"]) * float64(want.Bytes); math.Abs(d-float64(info.Size())) > 1e-3 {
		t.Errorf("weights take %v bytes, want %d", d, info.Size())
	}
}

// TestInterruptEndsBatches holds that a model reads no further than the next byte of its texts, and keeps none.
func TestInterruptEndsBatches(t *testing.T) {
	w, err := model.ReadWeights(tiny)
	if err != nil {
		t.Fatal(err)
	}
	m := model.New(w, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := codeLength(ctx, m, [][]byte{{1, 2, 3}, {4, 5}}); !errors.Is(err, context.Canceled) || !m.Idle() {
		t.Errorf("%v, want that of the context; idle: %v", err, m.Idle())
	}
}

// TestCountsStay holds that a context that was seen 2^32 - 1 times learns nothing more.
func TestCountsStay(t *testing.T) {
	c := &counts{n: math.MaxUint32, d: 1}
	c.of['a'] = math.MaxUint32
	want := *c
	if c.add('a') || !c.add('b') || !c.add('b') || *c != want {
		t.Errorf("%d times, %d bytes: want %d, %d", c.n, c.d, want.n, want.d)
	}
}

// TestErrorsEnd holds that what is wrong is an error.
func TestErrorsEnd(t *testing.T) {
	opt := &Options{Device: "cpu", Threads: 2}
	for _, c := range []struct {
		names []string
		opt   *Options
		want  string
	}{
		{[]string{"order2", "zip"}, opt, `"zip" is unknown: must be some of gzip, order2, lmic`},
		{[]string{""}, opt, `"" is unknown`},
		{nil, opt, "must be some of gzip"},
		{[]string{"lmic"}, &Options{Model: "/nowhere", Device: "cpu", Threads: 1}, "lmic: /nowhere: no such file"},
	} {
		if _, err := New(c.names, c.opt); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %s", c.names, err, c.want)
		}
	}
	s, err := New(models(), &Options{Model: tiny, Device: "cpu", Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	list := drawn(130, 10, func(r *rand.Rand, _ int) byte { return byte(r.Uint32()) })
	if _, err := s.Rates(t.Context(), "x", each(list, io.ErrClosedPipe)); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("%v, want that of the file", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Rates(ctx, "x", each(list, nil)); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want that of the context", err)
	}
	if _, err := s.Rates(t.Context(), "x", each(nil, nil)); err == nil || !strings.Contains(err.Error(), "x: no sequences") {
		t.Errorf("%v of no sequences", err)
	}
	if n := len(Names()); n != 3 || slices.Contains(Names(), "") {
		t.Errorf("%d names", n)
	}
}

// TestPrint holds the lines for people.
func TestPrint(t *testing.T) {
	var out strings.Builder
	r := measured(t, []string{"order2"}, &Options{}, [][]byte{{1, 1}, {1, 2}})
	if err := r.Print(&out); err != nil {
		t.Fatal(err)
	}
	if got, want := out.String(), "x: 2 sequences, 4 bytes\n  order2 each                  "; !strings.HasPrefix(got, want) || strings.Count(got, "\n") != 3 {
		t.Errorf("%q, want %q and two more lines", got, want)
	}
}
