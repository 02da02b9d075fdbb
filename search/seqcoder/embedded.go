package seqcoder

import (
	_ "embed"
	"fmt"
)

//go:embed weights.safetensors
var embedded []byte

// Embedded returns the weights that the package brings; MODEL.md says what they are.
func Embedded() (*Weights, error) {
	w, err := ParseWeights(embedded)
	if err != nil {
		return nil, fmt.Errorf("the weights built in: %w", err)
	}
	return w, nil
}
