package seqcoder

import (
	_ "embed"
	"fmt"

	"github.com/ktzip/ktzip/search/seqcoder/model"
)

//go:embed weights.safetensors
var embedded []byte

// Embedded returns the embedded weights, which MODEL.md describes.
func Embedded() (*model.Weights, error) {
	w, err := model.ParseWeights(embedded)
	if err == nil {
		err = checkVocabulary(w)
	}
	if err != nil {
		return nil, fmt.Errorf("embedded weights: %w", err)
	}
	return w, nil
}

// ReadWeights reads a safetensors file of weights for this package's tokens. The error names
// the file; it is model.ErrWeights if the content is wrong.
func ReadWeights(name string) (*model.Weights, error) {
	w, err := model.ReadWeights(name)
	if err != nil {
		return nil, err
	}
	if err := checkVocabulary(w); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return w, nil
}

// EmbeddedBytes returns the size of the file of embedded weights.
func EmbeddedBytes() int { return len(embedded) }

func checkVocabulary(w *model.Weights) error {
	if w.Vocabulary != Vocabulary {
		return fmt.Errorf("%w: config: %d tokens, want %d", model.ErrWeights, w.Vocabulary, Vocabulary)
	}
	return nil
}
