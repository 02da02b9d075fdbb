package pairs

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"strings"

	"github.com/ktzip/ktzip/dsl"
)

// maxLine is the most bytes of a line of a .jsonl file; arbitrary.
const maxLine = 64 << 20

// Read returns the pairs of r, a file called name: the lines of a .jsonl file, or the bytes of
// another file, length > 0 at a time. It ends after an error.
func Read(r io.Reader, name string, length int) iter.Seq2[Pair, error] {
	if strings.HasSuffix(name, ".jsonl") {
		return Lines(r, name, parse)
	}
	return func(yield func(Pair, error) bool) {
		for {
			values := make([]byte, length)
			n, err := io.ReadFull(r, values)
			if n > 0 && !yield(Pair{Sequence: values[:n]}, nil) {
				return
			}
			switch err {
			case nil:
				continue
			case io.EOF, io.ErrUnexpectedEOF:
			default:
				yield(Pair{}, err)
			}
			return
		}
	}
}

// Lines returns what parse makes of each line of r, a file called name, that is not empty. A
// line is valid until the next one. It ends after an error.
func Lines[T any](r io.Reader, name string, parse func(line []byte) (T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		lines := bufio.NewScanner(r)
		lines.Buffer(nil, maxLine)
		number := 1
		for ; lines.Scan(); number++ {
			text := bytes.TrimSpace(lines.Bytes())
			if len(text) == 0 {
				continue
			}
			v, err := parse(text)
			if err != nil {
				err = fmt.Errorf("%s, line %d: %w", name, number, err)
			}
			if !yield(v, err) || err != nil {
				return
			}
		}
		err := lines.Err()
		if errors.Is(err, bufio.ErrTooLong) {
			err = fmt.Errorf("%s, line %d: longer than %d bytes", name, number, maxLine)
		}
		if err != nil {
			yield(*new(T), err)
		}
	}
}

// parse parses a line of a .jsonl file.
func parse(text []byte) (p Pair, err error) {
	var l struct {
		Program  string
		Sequence Values
	}
	if err := json.Unmarshal(text, &l); err != nil {
		return p, err
	}
	if len(l.Sequence) == 0 {
		return p, errors.New("the sequence is missing or empty")
	}
	p.Sequence, p.Text = l.Sequence, l.Program
	if l.Program != "" {
		p.Program, _ = dsl.Parse(l.Program, dsl.Block) // a wrong program counts as none
	}
	return p, nil
}

// UnmarshalJSON implements json.Unmarshaler.
func (v *Values) UnmarshalJSON(text []byte) error {
	var list []int
	if err := json.Unmarshal(text, &list); err != nil {
		return err
	}
	*v = make([]byte, len(list))
	for i, e := range list {
		if e&^255 != 0 {
			return fmt.Errorf("%d is not a byte", e)
		}
		(*v)[i] = byte(e)
	}
	return nil
}

// Sequences returns the sequences of the .jsonl file called name.
func Sequences(name string) (map[string]bool, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	all := map[string]bool{}
	for p, err := range Lines(f, name, parse) {
		if err != nil {
			return nil, err
		}
		all[string(p.Sequence)] = true
	}
	return all, nil
}
