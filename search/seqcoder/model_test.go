package seqcoder

import (
	"math"
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
		a, b := new(Cache), new(Cache)
		logits, err := m.Extend([]*Cache{a, b}, [][]Token{v.Text[:cut], v.Text})
		if err != nil {
			t.Fatal(err)
		}
		close("a part", logits[0], want[cut-1])
		close("all", logits[1], want[n-1])
		fork := a.Fork()
		if _, err := m.Extend([]*Cache{fork}, [][]Token{{1, 2}}); err != nil {
			t.Fatal(err)
		}
		for i := cut; i < n; i++ {
			if logits, err = m.Extend([]*Cache{a}, [][]Token{v.Text[i : i+1]}); err != nil {
				t.Fatal(err)
			}
			close("one after the other", logits[0], want[i])
		}
		if a.Len() != n || fork.Len() != cut+2 {
			t.Fatalf("%d and %d tokens", a.Len(), fork.Len())
		}
	}
	long := make([]Token, w.Context+1)
	if _, err := m.Extend([]*Cache{new(Cache)}, [][]Token{long}); err != errContext {
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
