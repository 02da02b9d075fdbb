package seqcoder

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"testing"

	"github.com/ktzip/ktzip/dsl"
)

var update = flag.Bool("update", false, "write train/tokens.json")

// TestAlphabet compares the alphabet of the training with this package's.
func TestAlphabet(t *testing.T) {
	type operation struct {
		Name    string `json:"name"`
		Lists   int    `json:"lists"`
		Numbers int    `json:"numbers"`
		List    bool   `json:"list"`
	}
	var ops []operation
	for op := range dsl.Interleave + 1 {
		n, list := op.Numbers()
		ops = append(ops, operation{op.String(), op.Lists(), n, list})
	}
	want, err := json.MarshalIndent(map[string]any{
		"vocabulary": Vocabulary, "pad": tokenPad, "program": tokenProgram, "end": tokenEnd, "list_end": tokenListEnd,
		"negative": tokenNegative, "high": tokenHigh, "operation": tokenOp, "reference": tokenRef, "operations": ops,
	}, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	const name = "train/tokens.json"
	if *update {
		if err := os.WriteFile(name, append(want, '\n'), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(name); err != nil || !bytes.Equal(bytes.TrimSpace(got), want) {
		t.Errorf("%s differs from this package's alphabet; run with -update (%v)", name, err)
	}
}
