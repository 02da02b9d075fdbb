package seqcoder

import (
	"bytes"
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/dsl/kolmogorov"
)

// limits is a program that reads packed texts. With a limit of 32 tokens for 3 batches and then
// none, it fails unless batches are so short at first, all lengths come later, and a limit that
// no text meets ends nothing.
const limits = `
import io, sys
sys.path.insert(0, "train")
from data import batches
data = sys.stdin.buffer.read()
def lengths(limit): return [x.shape[1] for x, _, _ in batches(io.BytesIO(data), 256, 256, limit=limit)]
some, all = lengths(lambda k: 32 if k < 3 else 256), lengths(None)
assert max(some[:3]) <= 32 and max(some) == max(all) > 128 and len(some) < len(all), (some, all)
assert set(lengths(lambda k: 0)) == {min(all)}
x, program, sequence = next(batches(io.BytesIO(data[-2 * (2 + 129):]), 256, 256))
assert program.sum() == 0 and sequence.sum() == len(x) * 128, (program.sum(), sequence.sum())
`

// python returns an interpreter that has PyTorch. Without one, it skips the test.
func python(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"python3", "/usr/bin/python3"} { // the second one is Debian's
		if exec.Command(name, "-c", "import torch, numpy").Run() == nil {
			return name
		}
	}
	t.Skip("no python3 with PyTorch")
	return ""
}

// TestTrainingReadsShortPairsFirst trains a tiny model with --curriculum, of pairs and of a
// sequence without a program.
func TestTrainingReadsShortPairsFirst(t *testing.T) {
	if testing.Short() {
		t.Skip("PyTorch takes seconds to start")
	}
	python, dir := python(t), t.TempDir()
	var packed []byte
	add := func(text []Token, bytes int) {
		for _, v := range append([]Token{Token(len(text)), Token(bytes)}, text...) {
			packed = binary.LittleEndian.AppendUint16(packed, uint16(v))
		}
	}
	for g, n := kolmogorov.NewGenerator(1), 0; n < 400; n++ {
		p, sequence := g.Next()
		text, err := Encode(nil, sequence, p)
		if err != nil {
			t.Fatal(err)
		}
		add(text, len(sequence))
	}
	alone, err := Encode(nil, make([]byte, 128), nil)
	if err != nil || len(alone) != 129 || alone[128] != tokenProgram {
		t.Fatalf("%d, %v", alone, err)
	}
	add(alone, 128)
	held := filepath.Join(dir, "held.bin")
	if err := os.WriteFile(held, packed, 0o666); err != nil {
		t.Fatal(err)
	}
	run := func(args ...string) {
		t.Helper()
		cmd := exec.Command(python, args...)
		cmd.Stdin = bytes.NewReader(packed)
		cmd.Env = append(os.Environ(), "OMP_NUM_THREADS=1", "PYTHONDONTWRITEBYTECODE=1")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", cmd, err, out)
		}
	}
	run("-c", limits)
	run("train/train.py", "--out", dir, "--held-out", held, "--held", "50", "--steps", "4", "--batch", "256", "--width", "32", "--layers", "1",
		"--heads", "2", "--context", "256", "--curriculum")
	log, err := os.ReadFile(filepath.Join(dir, "log.csv"))
	if rows := strings.Split(strings.TrimSpace(string(log)), "\n"); err != nil || len(rows) != 2 || !strings.HasPrefix(rows[1], "4,") {
		t.Errorf("log.csv: %q, %v", log, err)
	}
	if _, err := ReadWeights(filepath.Join(dir, "weights.safetensors")); err != nil {
		t.Error(err)
	}
}
