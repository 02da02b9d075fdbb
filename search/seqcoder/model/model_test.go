package model

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestModel compares the forward pass with the reference: several texts in a batch, read at
// once, in two pieces and token by token, with and without kernels.
func TestModel(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine")
	}
	t.Run("kernels", testModel)
	if hasTiles {
		defer func() { hasTiles = true }()
		hasTiles = false
		t.Run("loops", testModel)
	}
}

// logitsOf appends texts to caches and returns the logits (V) after each.
func logitsOf(m *Model, caches []*Cache, texts [][]Token) (list [][]float32, err error) {
	if _, err := m.Extend(caches, texts, make([]uint32, len(texts)*m.w.MaskWords()), 1); err != nil {
		return nil, err
	}
	all := m.backend.(*Transformer).logits.Float32s()
	for i := range texts {
		list = append(list, slices.Clone(all[i*m.w.Vocabulary:][:m.w.Vocabulary]))
	}
	return list, nil
}

func testModel(t *testing.T) {
	w, v := tinyVector(t)
	m := New(w, nil)
	want := w.reference(v.Text)
	close := func(what string, got []float32, want []float64) {
		t.Helper()
		for k, x := range got {
			if math.Abs(float64(x)-want[k]) > 1e-3 {
				t.Fatalf("%s: logit %d: got %g, want %g", what, k, x, want[k])
			}
		}
	}
	n := len(v.Text)
	for cut := 1; cut < n; cut++ {
		a, b := m.NewCache(), m.NewCache()
		logits, err := logitsOf(m, []*Cache{a, b}, [][]Token{v.Text[:cut], v.Text})
		if err != nil {
			t.Fatal(err)
		}
		close("a beginning", logits[0], want[cut-1])
		close("at once", logits[1], want[n-1])
		fork := a.Fork()
		if _, err := logitsOf(m, []*Cache{fork}, [][]Token{{1, 2}}); err != nil {
			t.Fatal(err)
		}
		for i := cut; i < n; i++ {
			if logits, err = logitsOf(m, []*Cache{a}, [][]Token{v.Text[i : i+1]}); err != nil {
				t.Fatal(err)
			}
			close("token by token", logits[0], want[i])
		}
		if a.Len() != n || fork.Len() != cut+2 {
			t.Fatalf("got %d and %d tokens, want %d and %d", a.Len(), fork.Len(), n, cut+2)
		}
		for _, c := range []*Cache{a, b, fork} {
			c.Release()
		}
		if !m.Idle() {
			t.Fatalf("%d of %d pages are free after all caches were released", len(m.pages.free), m.pages.used)
		}
	}
	long := make([]Token, w.Context+1)
	if _, err := logitsOf(m, []*Cache{m.NewCache()}, [][]Token{long}); err != ErrContext {
		t.Errorf("a text that is too long: got %v, want ErrContext", err)
	}
}

// TestFunctions compares exponential and gelu with their definitions.
func TestFunctions(t *testing.T) {
	for x := -90.0; x < 90; x += 0.0037 {
		if x <= 0 {
			if got, want := float64(exponential(float32(x))), math.Exp(float64(float32(x))); math.Abs(got-want) > 1e-5*want+1e-37 {
				t.Fatalf("exp(%g): got %g, want %g", x, got, want)
			}
		}
		y := []float32{float32(x)}
		gelu(y)
		if want := x * (1 + math.Erf(x/math.Sqrt2)) / 2; math.Abs(float64(y[0])-want) > 1e-5 {
			t.Fatalf("gelu(%g): got %g, want %g", x, y[0], want)
		}
	}
}

// TestCandidates compares the choice of tokens with sorting.
func TestCandidates(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 5))
	for range 100 {
		all, allowed := make([]float32, vocabulary), make([]uint32, (vocabulary+31)/32)
		var list []int32
		for i := range all {
			all[i] = float32(r.IntN(50)) / 8
			if r.IntN(20) == 0 {
				allowed[i/32] |= 1 << (i % 32)
				list = append(list, int32(i))
			}
		}
		sum := 0.0
		for _, i := range list {
			sum += math.Exp(float64(all[i]))
		}
		slices.SortStableFunc(list, func(i, j int32) int { return cmp.Compare(all[j], all[i]) })
		k := 1 + r.IntN(30)
		for len(list) < k {
			list = append(list, -1)
		}
		var c Candidates
		c.add(all, allowed, k)
		ids, logits, totals := c.IDs, c.Logits, c.Totals
		if !slices.Equal(ids, list[:k]) || len(logits) != k || ids[0] >= 0 && logits[0] != all[ids[0]] {
			t.Fatalf("got %d, want %d", ids, list[:k])
		}
		if want := math.Log(sum); sum > 0 && math.Abs(float64(totals[0])-want) > 1e-4 {
			t.Fatalf("total: got %g, want %g", totals[0], want)
		}
	}
}
