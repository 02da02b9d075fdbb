package codec

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/container"
)

// chain returns the text of a predictor of the components, in which S stands for the one before.
func chain(components ...string) string {
	var b strings.Builder
	for k, c := range components {
		fmt.Fprintf(&b, "sequence_%d = %s\n", k+1, strings.ReplaceAll(c, "S", fmt.Sprintf("sequence_%d", k)))
	}
	fmt.Fprintf(&b, "output = sequence_%d", len(components))
	return b.String()
}

// mixtureTexts are predictors of texts.
var mixtureTexts = []string{
	chain("bytes()", "order(S, 1)", "order(S, 2)", "word(S, 1)", "match(S, 4)", "followed(S, 2)", "foretold(S, 2)", "column(S, 1, 1)", "above(S, 0, 5)", "mixed(S, 16, 1, [63])"),
	chain("bytes()", "masked(S, [240, 255])", "nucleotide(S, 11)", "opcode(S, 4)", "mixed(S, 16, 0, [1])"),
}

// TestRefusedTexts reads predictors that are none of texts.
func TestRefusedTexts(t *testing.T) {
	if !hasPredictors {
		t.Skip("built without predictors")
	}
	for _, components := range [][]string{
		{"bytes()", "mixed(S, 16, 0, [1])"},
		{"bytes()", "match(S, 4)", "mixed(S, 16, 0, [1])"},
		{"bytes()", "order(S, 1)"},
		{"bytes()", "order(S, 9)", "mixed(S, 16, 0, [1])"},
		{"bytes()", "order(S, -1)", "mixed(S, 16, 0, [1])"},
		{"bytes()", "order(S, 1)", "mixed(S, 15, 0, [1])"},
		{"bytes()", "order(S, 1)", "mixed(S, 27, 0, [1])"},
		{"bytes()", "order(S, 1)", "mixed(S, 16, 2, [1])"},
		{"bytes()", "order(S, 1)", "mixed(S, 16, 0, [])"},
		{"bytes()", "order(S, 1)", "mixed(S, 16, 0, [0])"},
		{"bytes()", "order(S, 1)", "mixed(S, 16, 0, [64])"},
		{"bytes()", "order(S, 1)", "mixed(S, 16, 0, [1, 1])"},
		{"bytes()", "masked(S, [])", "mixed(S, 16, 0, [1])"},
		{"bytes()", "masked(S, [256])", "mixed(S, 16, 0, [1])"},
		{"bytes()", "masked(S, [1, 1, 1, 1, 1, 1, 1, 1, 1])", "mixed(S, 16, 0, [1])"},
		{"bytes()", "column(S, 65537, 0)", "mixed(S, 16, 0, [1])"},
		{"bytes()", "above(S, 4, 256)", "mixed(S, 16, 0, [1])"},
		{"bytes()", "order(S, 1)", "match(S, 33)", "mixed(S, 16, 0, [1])"},
		{"bytes()", "order(S, 1)", "match(S, 3)", "match(S, 3)", "match(S, 3)", "match(S, 3)", "mixed(S, 16, 0, [1])"},
		append([]string{"bytes()"}, strings.Split(strings.Repeat("order(S, 1);", 25)+"mixed(S, 16, 0, [1])", ";")...),
		{"bytes()", "experts(S, 1)", "mixed(S, 16, 0, [1])"},
		{"bytes()", "order(S, 1)", "code(S, 1, 1, 9)"},
		{"framed(0, 4, [])", "order(S, 1)", "mixed(S, 16, 0, [])"},
	} {
		text := chain(components...)
		p := predictorsOf(t, text)[0]
		if err := restoringError(make([]byte, 100), p, 26, nil); !errors.Is(err, container.ErrCorrupt) && !errors.Is(err, container.ErrLimit) {
			t.Errorf("%s\n%v", text, err)
		}
	}
}

// TestTexts codes text by its predictors, and says what the components are worth.
func TestTexts(t *testing.T) {
	if !hasPredictors {
		t.Skip("built without predictors")
	}
	src := []byte(strings.Repeat("time,place,value\n1,here,2.5\n2,there,7.5\n", 30))
	file := compress(t, src, 0, &WriterConfig{Mixer: fixedMixer{predictors: predictorsOf(t, mixtureTexts...)}})
	if !bytes.Equal(restore(t, file), src) {
		t.Fatal("comes back wrong")
	}
	for _, p := range predictorsOf(t, mixtureTexts...) {
		worth := new(predicting).worth(t.Context(), src, p)
		if len(worth) != len(p.Nodes) || worth[0] != 0 {
			t.Errorf("the components of\n%s\nare worth %v", p, worth)
		}
	}
}
