package pairs

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/spf13/pflag"

	"github.com/ktzip/ktzip/dsl"
)

// parsed returns the Options of flags, separated by spaces.
func parsed(t *testing.T, flags string) *Options {
	t.Helper()
	o, f := new(Options), pflag.NewFlagSet("", pflag.ContinueOnError)
	o.Flags(f)
	if err := f.Parse(strings.Fields(flags)); err != nil {
		t.Fatal(err)
	}
	return o
}

// drawer returns a Drawer of flags whose Options went through JSON.
func drawer(t *testing.T, flags string, excluded map[string]bool) *Drawer {
	t.Helper()
	text, err := json.Marshal(parsed(t, flags))
	if err != nil {
		t.Fatal(err)
	}
	o := new(Options)
	if err := json.Unmarshal(text, o); err != nil {
		t.Fatal(err)
	}
	d, err := NewDrawer(o, excluded)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func (d *Drawer) mustBatch(t *testing.T, k uint64, n int) []byte {
	b, err := d.Batch(t.Context(), k, n)
	if err != nil {
		t.Error(err)
	}
	return b
}

// TestBatchesStandAlone holds that a batch is the same whoever draws it, when and beside what,
// that a shorter one begins it, and that no other batch, seed or option makes it.
func TestBatchesStandAlone(t *testing.T) {
	const batches, n = 5, 60
	for _, flags := range []string{"", "--seed 9 --packed", "--kinds windows,pairs,noisy --steps 50000", "--reduce 20000 --longest 80"} {
		one, got := drawer(t, flags, nil), make([][]byte, batches)
		var group sync.WaitGroup
		for k := range got {
			group.Go(func() { got[k] = one.mustBatch(t, uint64(k), n) })
		}
		group.Wait()
		seen := map[string]bool{}
		for k := batches - 1; k >= 0; k-- {
			again := drawer(t, flags, nil)
			if !bytes.Equal(again.mustBatch(t, uint64(k), n), got[k]) {
				t.Errorf("%q: batch %d differs", flags, k)
			}
			if short := again.mustBatch(t, uint64(k), n/2); !bytes.HasPrefix(got[k], short) || len(short) == 0 {
				t.Errorf("%q: batch %d has other pairs if it is shorter", flags, k)
			}
			if seen[string(got[k])] {
				t.Errorf("%q: batch %d is another", flags, k)
			}
			seen[string(got[k])] = true
		}
	}
	if bytes.Equal(drawer(t, "", nil).mustBatch(t, 1, n), drawer(t, "--seed 2", nil).mustBatch(t, 1, n)) {
		t.Error("the seed makes no difference")
	}
}

// TestBatchEnds holds that a batch ends with its context, and is not cut then.
func TestBatchEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if b, err := drawer(t, "", nil).Batch(ctx, 0, BatchPairs); b != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("%d bytes, %v", len(b), err)
	}
}

// TestDrawnPairsAreRead reads what is drawn, executes it, and draws around it.
func TestDrawnPairsAreRead(t *testing.T) {
	text := drawer(t, "", nil).mustBatch(t, 3, 200)
	var again []byte
	var m dsl.Machine
	for p, err := range Read(bytes.NewReader(text), "x.jsonl", 0) {
		if err != nil {
			t.Fatal(err)
		}
		got := make([]byte, len(p.Sequence))
		if _, err := m.Bytes(got, p.Program, dsl.Budget{Steps: 1 << 20, Elements: 1 << 20}); err != nil || !bytes.Equal(got, p.Sequence) {
			t.Fatalf("%v produces %d, not %d, %v", p.Program, got, p.Sequence, err)
		}
		again, _ = parsed(t, "").Append(again, p)
	}
	if !bytes.Equal(again, text) {
		t.Error("written again, the pairs differ")
	}
	name := filepath.Join(t.TempDir(), "some.jsonl")
	if err := os.WriteFile(name, text, 0o666); err != nil {
		t.Fatal(err)
	}
	excluded, err := Sequences(name)
	if err != nil || len(excluded) < 190 {
		t.Fatalf("%d sequences, %v", len(excluded), err)
	}
	for p, err := range Read(bytes.NewReader(drawer(t, "", excluded).mustBatch(t, 3, 200)), "x.jsonl", 0) {
		if err != nil || excluded[string(p.Sequence)] {
			t.Fatalf("%d is drawn again, %v", p.Sequence, err)
		}
	}
}

// TestReadBoundsAndExplains reads lines that are wrong, and files that fail.
func TestReadBoundsAndExplains(t *testing.T) {
	const good = "{\"sequence\": [1, 255]}\n"
	for _, c := range []struct {
		r    io.Reader
		want string
	}{
		{strings.NewReader(good + "\n \n" + good + `{"sequence": [7], "uniform_bits": "?"}`), ""},
		{strings.NewReader(good + "{\"sequence\": [256]}"), "f.jsonl, line 2: 256 is not a byte"},
		{strings.NewReader("\n{\"sequence\": [-1]}"), "f.jsonl, line 2: -1 is not a byte"},
		{strings.NewReader(`{"sequence": [1.5]}`), "line 1: json: cannot unmarshal"},
		{strings.NewReader(`{"sequence": []}`), "line 1: the sequence is missing or empty"},
		{strings.NewReader(`{"sequence": null}`), "line 1: the sequence is missing or empty"},
		{strings.NewReader(`{"program": "x"}`), "line 1: the sequence is missing or empty"},
		{strings.NewReader(`{"sequence": "AAAA"}`), "line 1: json: cannot unmarshal"},
		{strings.NewReader(`[1]`), "line 1: json: cannot unmarshal"},
		{strings.NewReader(`{"sequence": [1`), "line 1: unexpected end"},
		{io.MultiReader(strings.NewReader(good), io.LimitReader(zeros{}, maxLine+1)), "line 2: longer than"},
		{iotest.ErrReader(io.ErrClosedPipe), "closed pipe"},
	} {
		got, failed := 0, error(nil)
		for p, err := range Read(c.r, "f.jsonl", 0) {
			if failed != nil {
				t.Errorf("%q: there is more after the error", c.want)
			}
			if failed = err; err == nil {
				got += len(p.Sequence)
			}
		}
		if c.want == "" && (failed != nil || got != 5) || c.want != "" && (failed == nil || !strings.Contains(failed.Error(), c.want)) {
			t.Errorf("%d values and %v, want %q", got, failed, c.want)
		}
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// TestReadCuts cuts another file into sequences.
func TestReadCuts(t *testing.T) {
	var got []string
	for p, err := range Read(strings.NewReader("abcdefgh"), "f.bin", 3) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, string(p.Sequence))
	}
	if !slices.Equal(got, []string{"abc", "def", "gh"}) {
		t.Errorf("%q", got)
	}
	for p, err := range Read(iotest.ErrReader(io.ErrClosedPipe), "f.bin", 3) {
		if err != io.ErrClosedPipe {
			t.Errorf("%q, %v", p.Sequence, err)
		}
	}
}

// TestValuesAreNumbers compares Values with a slice of integers.
func TestValuesAreNumbers(t *testing.T) {
	for n := range 257 {
		values, list := make(Values, n), make([]int, n)
		for i := range n {
			values[i], list[i] = byte(i), i%256
		}
		got, err := json.Marshal(values)
		want, _ := json.Marshal(list)
		if err != nil || !bytes.Equal(got, want) {
			t.Fatalf("%s, %v; want %s", got, err, want)
		}
		var back Values
		if err := json.Unmarshal(got, &back); err != nil || !bytes.Equal(back, values) {
			t.Fatalf("%v, %v; want %v", back, err, values)
		}
	}
}

// TestWrongOptionsAreRefused names the flag that is wrong.
func TestWrongOptionsAreRefused(t *testing.T) {
	short, long := filepath.Join(t.TempDir(), "short"), filepath.Join(t.TempDir(), "long")
	for name, size := range map[string]int64{short: windowBytes - 1, long: maxRealBytes/2 + 1} {
		if err := errors.Join(os.WriteFile(name, nil, 0o666), os.Truncate(name, size)); err != nil {
			t.Fatal(err)
		}
	}
	for flags, want := range map[string]string{
		"--kinds none":                             "--kinds none: must be some of noisy, pairs, real, windows",
		"--kinds=":                                 "--kinds",
		"--longest 0":                              "--longest 0: must be 1 to 65535",
		"--longest 65536":                          "--longest 65536: must be 1 to 65535",
		"--bare":                                   "--bare needs --packed",
		"--kinds pairs,real":                       "--kinds real needs the files of --real",
		"--real x":                                 "--real needs --kinds real",
		"--kinds real --real x --packed --bare":    "--bare cannot be combined with --kinds real",
		"--kinds real --real x --longest 128":      "--longest 128: must be at least 129 for --kinds real",
		"--kinds real --real /nowhere":             "--real: open /nowhere: no such file",
		"--kinds real --real " + os.TempDir():      "--real: read ",
		"--kinds real --real " + short:             "--real " + short + ": 127 bytes, must have at least 128",
		"--kinds real --real " + long + "," + long: "--real " + long + ": the files have more than 256 MiB together",
		"--steps -1":                               "--reduce and --steps must be at least 0",
	} {
		if _, err := NewDrawer(parsed(t, flags), nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", flags, err, want)
		}
	}
	if _, err := NewDrawer(&Options{}, nil); err == nil {
		t.Error("the zero value is taken")
	}
}
