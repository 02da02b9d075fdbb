package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/ktzip/ktzip/cmd/internal/pairs"
	"github.com/ktzip/ktzip/cmd/internal/tool"
	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/search/seqcoder"
)

func ktgen(t *testing.T, args ...string) []byte {
	t.Helper()
	var out, errs bytes.Buffer
	if code := tool.Run(t.Context(), &options{}, args, &out, &errs); code != 0 {
		t.Fatalf("ktgen %s: %d, %s", strings.Join(args, " "), code, errs.String())
	}
	return out.Bytes()
}

// A line is a pair in the published form.
type line struct {
	Program  string  `json:"program"`
	Sequence []int   `json:"sequence"`
	Bits     float64 `json:"uniform_bits"`
}

// lines decodes JSON lines, and checks their programs and costs.
func lines(t *testing.T, text []byte) (all []line) {
	t.Helper()
	var m dsl.Machine
	for dec := json.NewDecoder(bytes.NewReader(text)); ; {
		var l line
		if err := dec.Decode(&l); err == io.EOF {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		p, err := dsl.Parse(l.Program, dsl.Block)
		if err != nil {
			t.Fatal(err)
		}
		got := make([]byte, len(l.Sequence))
		if _, err := m.Bytes(got, p, dsl.Budget{Steps: 1 << 24, Elements: 1 << 24}); err != nil {
			t.Fatal(err)
		}
		for i, v := range l.Sequence {
			if int(got[i]) != v {
				t.Fatalf("%s\nproduces %d, not %d", l.Program, got, l.Sequence)
			}
		}
		if math.Abs(p.UniformBits()-l.Bits) > 1e-5 {
			t.Fatalf("%s\nis said to cost %g bits, not %g", l.Program, l.Bits, p.UniformBits())
		}
		all = append(all, l)
	}
}

// TestSeedDecides holds that the pairs depend on nothing but the seed.
func TestSeedDecides(t *testing.T) {
	one := ktgen(t, "--count", "1500", "--threads", "1", "--seed", "7")
	if !bytes.Equal(one, ktgen(t, "--count", "1500", "--threads", "5", "--seed", "7")) {
		t.Error("the pairs depend on the threads")
	}
	if !bytes.HasPrefix(one, ktgen(t, "--count", "600", "--seed", "7")) {
		t.Error("fewer pairs are others")
	}
	if bytes.Equal(one, ktgen(t, "--count", "1500", "--seed", "8")) {
		t.Error("the seed makes no difference")
	}
}

// TestRateIsThePublishedOne compares what is drawn with the published pairs: their programs
// cost 0.329 of the sequences, and a little less without lines that the output does not need.
func TestRateIsThePublishedOne(t *testing.T) {
	bits, reduced, length := 0.0, 0.0, 0.0
	for _, l := range lines(t, ktgen(t, "--count", "4000")) {
		bits, length = bits+l.Bits, length+float64(len(l.Sequence))
	}
	few := lines(t, ktgen(t, "--count", "512", "--reduce", "200000"))
	drawn := lines(t, ktgen(t, "--count", "512"))
	for i, l := range few {
		if len(l.Sequence) != len(drawn[i].Sequence) || l.Bits > drawn[i].Bits {
			t.Errorf("pair %d became longer", i)
		}
		reduced += l.Bits - drawn[i].Bits
	}
	t.Logf("mean length %.1f, rate %.4f; reduced by %.1f bits a pair", length/4000, bits/8/length, -reduced/512)
	if rate := bits / 8 / length; rate < 0.29 || rate > 0.335 {
		t.Errorf("rate %.4f", rate)
	}
	if reduced >= 0 {
		t.Error("no program became shorter")
	}
}

// TestOtherKindsHavePrograms draws windows and noisy sequences.
func TestOtherKindsHavePrograms(t *testing.T) {
	for _, kind := range []string{"windows", "noisy"} {
		for _, l := range lines(t, ktgen(t, "--count", "40", "--kinds", kind)) {
			if len(l.Sequence) != 128 {
				t.Errorf("%s: %d bytes", kind, len(l.Sequence))
			}
		}
	}
}

// TestPackedIsTheSame compares tokens with lines.
func TestPackedIsTheSame(t *testing.T) {
	text := ktgen(t, "--count", "300", "--packed")
	for i, l := range lines(t, ktgen(t, "--count", "300")) {
		n, m := int(binary.LittleEndian.Uint16(text)), int(binary.LittleEndian.Uint16(text[2:]))
		tokens := make([]seqcoder.Token, n)
		if _, err := binary.Decode(text[4:], binary.LittleEndian, tokens); err != nil {
			t.Fatal(err)
		}
		text = text[4+2*n:]
		sequence, p, err := seqcoder.Decode(tokens)
		if err != nil || m != len(sequence) || m != len(l.Sequence) || p.String() != l.Program {
			t.Fatalf("pair %d: %v, %d bytes\n%v\n%s", i, err, m, p, l.Program)
		}
	}
	if len(text) > 0 {
		t.Errorf("%d bytes more", len(text))
	}
}

// TestWithoutLeavesOut holds that the sequences of a file are not drawn.
func TestWithoutLeavesOut(t *testing.T) {
	file := filepath.Join(t.TempDir(), "some.jsonl")
	if err := os.WriteFile(file, ktgen(t, "--count", "200"), 0o666); err != nil {
		t.Fatal(err)
	}
	all, err := pairs.Sequences(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range lines(t, ktgen(t, "--count", "300", "--without", file)) {
		s := make([]byte, len(l.Sequence))
		for i, v := range l.Sequence {
			s[i] = byte(v)
		}
		if all[string(s)] {
			t.Fatalf("%d is drawn again", l.Sequence)
		}
	}
}

// A broken is a pipe whose reader takes left bytes.
type broken struct{ left int }

func (b *broken) Write(p []byte) (int, error) {
	if b.left -= len(p); b.left < 0 {
		return 0, syscall.EPIPE
	}
	return len(p), nil
}

// TestErrorsAreExplained holds exit codes and messages.
func TestErrorsAreExplained(t *testing.T) {
	for _, c := range []struct {
		args string
		code int
		want string
	}{
		{"--help", 0, ""},
		{"file", 2, `unexpected argument "file"`},
		{"--kinds none", 2, "--kinds none: must be some of noisy, pairs, real, windows"},
		{"--count -1", 2, "--count must be at least 0"},
		{"--threads 0", 2, "--threads must be at least 1"},
		{"--longest 65536", 2, "--longest 65536: must be 1 to 65535"},
		{"--bare", 2, "--bare needs --packed"},
		{"--kinds pairs,real", 2, "--kinds real needs the files of --real"},
		{"--kinds real --real /nowhere", 1, "--real: open /nowhere: no such file"},
		{"--without /nowhere", 2, "no such file"},
		{"--expand /nowhere", 1, "no such file"},
		{"--expand x --seed 2", 2, "--seed cannot be combined with --expand"},
		{"--expand x --bare --packed", 2, "--bare cannot be combined with --expand"},
		{"--expand=", 2, "--expand: the name is empty"},
		{"--without=", 2, "--without: the name is empty"},
	} {
		var errs bytes.Buffer
		code := tool.Run(t.Context(), &options{}, strings.Fields(c.args), io.Discard, &errs)
		if code != c.code || !strings.Contains(errs.String(), c.want) {
			t.Errorf("ktgen %s: code %d, %s", c.args, code, errs.String())
		}
	}
}

// TestEndlessDrawEnds holds that it ends when its reader has enough, or when it is
// interrupted.
func TestEndlessDrawEnds(t *testing.T) {
	if code := tool.Run(t.Context(), &options{}, nil, &broken{3 << 20}, io.Discard); code != 0 {
		t.Errorf("a closed pipe: code %d", code)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if code := tool.Run(ctx, &options{}, nil, io.Discard, io.Discard); code != 130 {
		t.Errorf("interrupted: code %d", code)
	}
}
