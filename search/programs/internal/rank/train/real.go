package main

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
)

const (
	// windowSize is the length of a window of a real file in bytes: that of a block.
	windowSize = 128
	// maxTries is how many windows are searched for each that is wanted, at most
	// (arbitrary: it bounds the time if hardly any has a cut).
	maxTries = 60
)

// realCount returns how many of the sequences to learn from are windows of real files.
func (o *options) realCount() int { return int(math.Round(o.tilt * float64(o.count))) }

// windows returns n labels of windows that teach cuts, at random places of random files, and
// how many windows it drew.
func windows(n int, files []string, seed uint64, teach teacher) (labels []label, drawn int, err error) {
	r := rand.New(rand.NewPCG(seed, 2))
	var list []realFile
	defer func() {
		for _, f := range list {
			err = errors.Join(err, f.Close())
		}
	}()
	for _, name := range files {
		f, err := openReal(name)
		if err != nil {
			return nil, 0, err
		}
		list = append(list, f)
	}
	window := make([]byte, windowSize)
	for len(labels) < n {
		if drawn++; drawn > maxTries*n {
			return nil, drawn, fmt.Errorf("train: only %d of %d windows have a cut, want %d", len(labels), drawn, n)
		}
		f := list[r.IntN(len(list))]
		if _, err := f.ReadAt(window, r.Int64N(f.size-windowSize+1)); err != nil {
			return nil, drawn, err
		}
		if cuts, bits := teach(nil, window); len(cuts) > 0 {
			l := newLabel(window, cuts, bits)
			l.Real = true
			labels = append(labels, l)
		}
	}
	return labels, drawn, nil
}

// A realFile is a file of at least windowSize bytes.
type realFile struct {
	*os.File
	size int64
}

func openReal(name string) (f realFile, err error) {
	if f.File, err = os.Open(name); err != nil {
		return f, err
	}
	info, err := f.Stat()
	if err == nil && (!info.Mode().IsRegular() || info.Size() < windowSize) {
		err = fmt.Errorf("train: %s is no file of at least %d bytes", name, windowSize)
	}
	if err != nil {
		return f, errors.Join(err, f.Close())
	}
	f.size = info.Size()
	return f, nil
}
