// Package model makes SeqCoder ready to run for the commands: the weights built in or
// those of a file, on the processor or on a GPU.
package model

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/ktzip/ktzip/search/seqcoder"
	"github.com/ktzip/ktzip/search/seqcoder/cuda"
)

// The devices that a model runs on; CUDA may be followed by a colon and a number.
const (
	CPU  = "cpu"
	CUDA = "cuda"
	Auto = "auto" // a GPU where there is one
	None = "none"
)

// errDevice reports a device that is none.
var errDevice = fmt.Errorf("it is one of %s, %s[:N], %s, %s", CPU, CUDA, Auto, None)

// Check returns an error where device is none.
func Check(device string) error {
	switch name, number, numbered := strings.Cut(device, ":"); {
	case numbered:
		if _, err := strconv.ParseUint(number, 10, 8); err != nil || name != CUDA {
			return errDevice
		}
	case name != CPU && name != CUDA && name != Auto && name != None:
		return errDevice
	}
	return nil
}

const (
	rows  = 16 << 10  // tokens that a GPU takes at a time
	pages = 512 << 10 // of 16 tokens, at most: some 80 for each block that is under way
	rest  = 1 << 30   // bytes for weights and activations
)

// Open returns the model of the file of weights, or the one built in where it is empty, on
// a device, and what that is.
func Open(file, device string) (m *seqcoder.Model, on string, err error) {
	w, err := seqcoder.Embedded()
	if file != "" {
		w, err = seqcoder.ReadWeights(file)
	}
	if err != nil {
		return nil, "", err
	}
	on = "the processor"
	name, number, _ := strings.Cut(device, ":")
	if name == CUDA || name == Auto {
		n, _ := strconv.Atoi(number)
		b, gpu, err := onGPU(w, n)
		if err == nil {
			return seqcoder.NewModel(w, b), gpu, nil
		}
		if name == CUDA {
			return nil, "", err
		}
		on += " (" + err.Error() + ")"
	}
	return seqcoder.NewModel(w, nil), on, nil
}

// onGPU puts weights on a GPU, and returns its name as well.
func onGPU(w *seqcoder.Weights, number int) (seqcoder.Backend, string, error) {
	d, err := cuda.Load()
	if err != nil {
		return nil, "", err
	}
	sizes := cuda.Sizes{Vocabulary: w.Vocabulary, Width: w.Width, Layers: w.Layers, Heads: w.Heads, Context: w.Context, Parts: 3 + w.Differences}
	dev, err := d.Open(number, pages*sizes.PageBytes()+rest)
	if err != nil {
		return nil, "", err
	}
	weights := cuda.Weights{Table: w.Embedding(), NormGain: w.NormGain, NormBias: w.NormBias, Token: w.Token}
	for _, b := range w.Blocks {
		weights.Layers = append(weights.Layers, cuda.Layer(b))
	}
	for n := rows; ; n /= 2 { // fewer at a time where there is not the memory
		t, err := cuda.NewTransformer(dev, sizes, weights, n, pages)
		if err == nil {
			return t, dev.Name, nil
		}
		if !errors.Is(err, cuda.ErrMemory) || n <= w.Context {
			dev.Close()
			return nil, "", err
		}
	}
}
