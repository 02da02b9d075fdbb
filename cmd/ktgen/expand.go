package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/ktzip/ktzip/cmd/internal/pairs"
	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/search/programs"
	"github.com/ktzip/ktzip/search/seqcoder"
)

// expandBudget bounds the execution of a program in a file. The values are arbitrary: drawn
// programs take some thousands of steps.
var expandBudget = dsl.Budget{Steps: 1 << 20, Elements: 1 << 20}

// expandFile writes the pairs whose programs are in the file of --expand.
func (opt *options) expandFile(ctx context.Context, w io.Writer) error {
	f, err := os.Open(opt.expand)
	if err != nil {
		return err
	}
	defer f.Close()
	in := bufio.NewReader(f)
	var out []byte
	var m dsl.Machine
	for n := 0; opt.count == 0 || n < opt.count; n++ {
		program, err := readBare(in)
		if err == io.EOF {
			break
		}
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return fmt.Errorf("%s: pair %d: %w", opt.expand, n+1, err)
		}
		list, _, err := m.Run(program, expandBudget)
		if err != nil {
			return fmt.Errorf("%s: pair %d: %w", opt.expand, n+1, err)
		}
		sequence, ok := bytesOf(list)
		if !ok || len(sequence) > programs.MaxBlock || opt.excluded[string(sequence)] {
			continue
		}
		out, _ = opt.Append(out[:0], pairs.Pair{Sequence: sequence, Program: program})
		if _, err := w.Write(out); err != nil {
			return err
		}
	}
	return nil
}

// readBare reads the program of a packed pair without its sequence. The error is io.EOF at
// the end of in.
func readBare(in io.Reader) (*dsl.Program, error) {
	var head [2]uint16
	if err := binary.Read(in, binary.LittleEndian, &head); err != nil {
		return nil, err
	}
	if head[1] != 0 {
		return nil, errors.New("it has a sequence; --expand takes what --packed --bare wrote")
	}
	text := make([]seqcoder.Token, head[0])
	if err := binary.Read(in, binary.LittleEndian, text); err != nil {
		return nil, io.ErrUnexpectedEOF
	}
	_, p, err := seqcoder.Decode(text)
	return p, err
}

// bytesOf returns the values of a list as bytes; false if a value is not 0 to 255.
func bytesOf(list []int32) ([]byte, bool) {
	out := make([]byte, len(list))
	for i, v := range list {
		if v < 0 || v > 255 {
			return nil, false
		}
		out[i] = byte(v)
	}
	return out, true
}
