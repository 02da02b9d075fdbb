package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/ktzip/ktzip/dsl"
)

// A sequence is one of the test, with the program that its file gives for it.
type sequence struct {
	values  []byte
	program *dsl.Program // nil if there is none, or it can't be parsed
}

// A pair is a line of a .jsonl file.
type pair struct {
	Sequence []int  `json:"sequence"`
	Program  string `json:"program,omitempty"`
}

// read returns the first sequences of the file called name, at most limit; 0 for all. They
// are the lines of a .jsonl file, or the bytes of another file, length at a time.
func read(name string, limit, length int) ([]sequence, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if strings.HasSuffix(name, ".jsonl") {
		return readPairs(f, name, limit)
	}
	var all []sequence
	for limit == 0 || len(all) < limit {
		values := make([]byte, length)
		n, err := io.ReadFull(f, values)
		if n > 0 {
			all = append(all, sequence{values: values[:n]})
		}
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// readPairs reads the lines of a .jsonl file.
func readPairs(r io.Reader, name string, limit int) (all []sequence, err error) {
	lines := bufio.NewReader(r)
	for number := 1; limit == 0 || len(all) < limit; number++ {
		line, err := lines.ReadBytes('\n')
		if line = bytes.TrimSpace(line); len(line) > 0 {
			s, err := parse(line)
			if err != nil {
				return nil, fmt.Errorf("%s, line %d: %w", name, number, err)
			}
			all = append(all, s)
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// parse parses a line of a .jsonl file.
func parse(line []byte) (s sequence, err error) {
	var p pair
	if err := json.Unmarshal(line, &p); err != nil {
		return s, err
	}
	if len(p.Sequence) == 0 {
		return s, errors.New("the sequence is missing or empty")
	}
	for _, v := range p.Sequence {
		if v&^255 != 0 {
			return s, fmt.Errorf("%d is not a byte", v)
		}
		s.values = append(s.values, byte(v))
	}
	if p.Program != "" {
		s.program, _ = dsl.Parse(p.Program, dsl.Block) // a wrong program counts as none
	}
	return s, nil
}

// writePrograms writes the sequences with the programs found, as the lines of a .jsonl file.
func writePrograms(w io.Writer, sequences []sequence, found []*dsl.Program) error {
	enc := json.NewEncoder(w)
	for i, s := range sequences {
		p := pair{}
		for _, v := range s.values {
			p.Sequence = append(p.Sequence, int(v))
		}
		if found[i] != nil {
			p.Program = found[i].String()
		}
		if err := enc.Encode(&p); err != nil {
			return err
		}
	}
	return nil
}
