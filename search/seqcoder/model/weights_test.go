package model

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
)

// tiny is a model of 2 layers and width 32, written by ../train/vectors.py.
const (
	tiny       = "testdata/tiny.safetensors"
	vocabulary = 476 // of tiny, and of the SeqCoder
)

// A vector is a text and PyTorch's logits after each of its tokens, one in Every.
type vector struct {
	Text   []Token     `json:"text"`
	Every  int         `json:"every"`
	Logits [][]float64 `json:"logits"`
}

func tinyVector(t *testing.T) (*Weights, vector) {
	t.Helper()
	w, err := ReadWeights(tiny)
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile("testdata/tiny.json")
	if err != nil {
		t.Fatal(err)
	}
	var v vector
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	return w, v
}

// TestReference compares the oracle of the forward pass with PyTorch's logits.
func TestReference(t *testing.T) {
	w, v := tinyVector(t)
	for i, row := range w.reference(v.Text) {
		for k, want := range v.Logits[i] {
			if got := row[k*v.Every]; math.Abs(got-want) > 1e-3 {
				t.Fatalf("token %d, logit %d: got %g, want %g", i, k*v.Every, got, want)
			}
		}
	}
}

// TestDamagedWeights expects an error that says what is wrong with a file, and no panic.
func TestDamagedWeights(t *testing.T) {
	good, err := os.ReadFile(tiny)
	if err != nil {
		t.Fatal(err)
	}
	replaced := func(old, new string) []byte { return bytes.Replace(good, []byte(old), []byte(new), 1) }
	nan := bytes.Clone(good)
	copy(nan[len(nan)-2:], "\x00\x7e")
	for _, c := range []struct {
		name string
		b    []byte
		says string
	}{
		{"nothing", nil, ""},
		{"cut short", good[:len(good)/2], ""},
		{"another format", []byte("PK\x03\x04 and so on, for more than eight bytes"), ""},
		{"fewer tokens than bytes", replaced(`\"vocabulary\": 476`, `\"vocabulary\":  47`), "config: 47 tokens"},
		{"a vocabulary that tensors do not have", replaced(`\"vocabulary\": `, `\"vocabulary\":9`), "tensor token.weight"},
		{"a width that heads do not divide", replaced(`\"heads\": 2`, `\"heads\": 3`), "heads"},
		{"a width that tensors do not have", replaced(`\"width\": 32`, `\"width\": 64`), "tensor token.weight"},
		{"a layer more", replaced(`\"layers\": 2`, `\"layers\": 3`), "tensor blocks.2.norm1.weight"},
		{"a layer less", replaced(`\"layers\": 2`, `\"layers\": 1`), "tensors"},
		{"too many differences", replaced(`\"differences\": 2`, `\"differences\":99`), "differences"},
		{"no config", replaced(`"config"`, `"cunfig"`), "config"},
		{"NaN", nan, "tensor norm.bias"},
	} {
		_, err := ParseWeights(c.b)
		if !errors.Is(err, ErrWeights) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v, want ErrWeights with %q", c.name, err, c.says)
		}
	}
	if _, err := ReadWeights("testdata/none"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: got %v", err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		b := bytes.Clone(good)
		for range 1 + r.IntN(3) {
			b[r.IntN(min(len(b), 3000))] = byte(r.Uint32())
		}
		ParseWeights(b) // must not panic
	}
}

// TestHalf compares all float16 numbers with their definition.
func TestHalf(t *testing.T) {
	for h := range 1 << 16 {
		got := float64(half(uint16(h)))
		e, f := h>>10&31, float64(h&1023)/1024
		want := math.Ldexp(1+f, e-15)
		if e == 0 {
			want = math.Ldexp(f, -14)
		}
		if h>>15 == 1 {
			want = -want
		}
		if e < 31 && got != want || e == 31 && got-got == 0 {
			t.Fatalf("%#x: got %g, want %g", h, got, want)
		}
	}
}
