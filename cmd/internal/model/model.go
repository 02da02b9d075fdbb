// Package model opens the SeqCoder's model for the commands: the embedded weights or those of
// a file, on the processor or on a GPU.
package model

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/ktzip/ktzip/search/seqcoder"
	"github.com/ktzip/ktzip/search/seqcoder/cuda"
	"github.com/ktzip/ktzip/search/seqcoder/model"
)

// Devices that a model runs on. CUDA may be followed by a colon and the number of a GPU.
const (
	CPU  = "cpu"
	CUDA = "cuda"
	Auto = "auto" // a GPU if there is one, else the processor
	None = "none" // no model
)

// errDevice reports an unknown device name.
var errDevice = fmt.Errorf("must be one of %s, %s[:N], %s, %s", CPU, CUDA, Auto, None)

// Check returns an error if device is not the name of a device.
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

// What a GPU gets, at most.
const (
	maxRows  = 16 << 10  // tokens of a pass: 2048 beams of 8; arbitrary
	maxPages = 512 << 10 // pages of 16 tokens: about 80 for each of 6,500 blocks that are searched at a time
	restSize = 1 << 30   // bytes for weights and activations; the embedded model needs less
)

// Open returns the model with the weights of a file, or the embedded ones if file is empty,
// and a description of what it runs on.
func Open(file, device string) (m *model.Model, on string, err error) {
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
			return model.New(w, b), gpu, nil
		}
		if name == CUDA {
			return nil, "", err
		}
		on += " (" + err.Error() + ")"
	}
	return model.New(w, nil), on, nil
}

// onGPU uploads weights to a GPU and returns its name, too.
func onGPU(w *model.Weights, number int) (model.Backend, string, error) {
	d, err := cuda.Load()
	if err != nil {
		return nil, "", err
	}
	dev, err := d.Open(number, maxPages*cuda.PageBytes(&w.Config)+restSize)
	if err != nil {
		return nil, "", err
	}
	for rows := maxRows; ; rows /= 2 { // fewer rows need less memory
		t, err := model.NewTransformer(w, cuda.NewEngine(dev), rows, maxPages)
		if err == nil {
			return t, dev.Name, nil
		}
		if !errors.Is(err, cuda.ErrMemory) || rows <= w.Context {
			dev.Close()
			return nil, "", err
		}
	}
}
