package seqcoder

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestModel compares the forward pass, in one go and in pieces, of several texts at once,
// with PyTorch's.
func TestModel(t *testing.T) {
	t.Run("tiles", testModel)
	if hasTiles {
		defer func() { hasTiles = true }()
		hasTiles = false
		t.Run("without", testModel)
	}
}

// logitsOf are those after the texts of caches, texts appended.
func logitsOf(m *Model, caches []*Cache, texts [][]Token) (list [][]float32, err error) {
	b, err := m.batch(caches, texts)
	if err != nil {
		return nil, err
	}
	all, err := m.backend.(*cpuBackend).forward(b.wide, b.index, b.place, b.text, b.seen, b.last, b.tables)
	for i := range texts {
		list = append(list, slices.Clone(all[i*m.w.Vocabulary:][:m.w.Vocabulary]))
	}
	return list, err
}

func testModel(t *testing.T) {
	w, v := tinyVector(t)
	m := NewModel(w, nil)
	want := w.reference(v.Text)
	close := func(what string, got []float32, want []float64) {
		t.Helper()
		for k, x := range got {
			if math.Abs(float64(x)-want[k]) > 1e-3 {
				t.Fatalf("%s: logit %d is %g, not %g", what, k, x, want[k])
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
		close("a part", logits[0], want[cut-1])
		close("all", logits[1], want[n-1])
		fork := a.Fork()
		if _, err := logitsOf(m, []*Cache{fork}, [][]Token{{1, 2}}); err != nil {
			t.Fatal(err)
		}
		for i := cut; i < n; i++ {
			if logits, err = logitsOf(m, []*Cache{a}, [][]Token{v.Text[i : i+1]}); err != nil {
				t.Fatal(err)
			}
			close("one after the other", logits[0], want[i])
		}
		if a.Len() != n || fork.Len() != cut+2 {
			t.Fatalf("%d and %d tokens", a.Len(), fork.Len())
		}
		for _, c := range []*Cache{a, b, fork} {
			c.Release()
		}
		if !m.pages.whole() {
			t.Fatalf("%d of %d pages are free", len(m.pages.free), m.pages.used)
		}
	}
	long := make([]Token, w.Context+1)
	if _, err := logitsOf(m, []*Cache{m.NewCache()}, [][]Token{long}); err != errContext {
		t.Error("a text that is too long:", err)
	}
}

// TestFunctions compares the functions of activations with their definitions.
func TestFunctions(t *testing.T) {
	for x := -90.0; x < 90; x += 0.0037 {
		if x <= 0 {
			if got, want := float64(exponential(float32(x))), math.Exp(float64(float32(x))); math.Abs(got-want) > 1e-5*want+1e-37 {
				t.Fatalf("e to the %g is %g, not %g", x, got, want)
			}
		}
		y := []float32{float32(x)}
		gelu(y)
		if want := x * (1 + math.Erf(x/math.Sqrt2)) / 2; math.Abs(float64(y[0])-want) > 1e-5 {
			t.Fatalf("gelu of %g is %g, not %g", x, y[0], want)
		}
	}
}

// TestBestTokens compares the choice of tokens with sorting.
func TestBestTokens(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 5))
	for range 100 {
		all := make([]float32, Vocabulary)
		var may mask
		var list []int32
		for i := range all {
			all[i] = float32(r.IntN(50)) / 8
			if r.IntN(20) == 0 {
				may.set(Token(i))
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
		ids, logits, totals := best(nil, nil, nil, all, may[:], k)
		if !slices.Equal(ids, list[:k]) || len(logits) != k || ids[0] >= 0 && logits[0] != all[ids[0]] {
			t.Fatalf("%d, not %d", ids, list[:k])
		}
		if want := math.Log(sum); sum > 0 && math.Abs(float64(totals[0])-want) > 1e-4 {
			t.Fatalf("a total of %g, not %g", totals[0], want)
		}
	}
}
