package pairs

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/search/seqcoder"
)

// realFiles writes a file of a counter, which has programs, and one of noise, which has none. It
// returns their contents and the value of --real.
func realFiles(t *testing.T) (counter, noise []byte, flag string) {
	t.Helper()
	r := rand.New(rand.NewPCG(3, 4))
	counter, noise = make([]byte, 5000), make([]byte, 200)
	for i := range counter {
		counter[i] = byte(3 * i)
	}
	for i := range noise {
		noise[i] = byte(r.Uint32())
	}
	names := [...]string{filepath.Join(t.TempDir(), "counter"), filepath.Join(t.TempDir(), "noise")}
	for i, data := range [...][]byte{counter, noise} {
		if err := os.WriteFile(names[i], data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return counter, noise, names[0] + "," + names[1]
}

// TestRealPairsAreWindowsOfFiles holds that the kind real draws windows of its files, each as
// often, that it finds the programs of those that have one, and that it keeps the others. Other
// batches, and the order of kinds, are as for all kinds.
func TestRealPairsAreWindowsOfFiles(t *testing.T) {
	counter, noise, files := realFiles(t)
	flags := "--kinds real,pairs --steps 20000 --real " + files
	const n = 200
	text := drawer(t, flags, nil).mustBatch(t, 0, n)
	if again := drawer(t, flags, nil).mustBatch(t, 0, n); !bytes.Equal(again, text) {
		t.Error("drawn again, the pairs differ")
	}
	if other := drawer(t, flags, nil).mustBatch(t, 1, n); bytes.Equal(other, text) {
		t.Error("another batch is the same")
	}
	var m dsl.Machine
	i, found, places := 0, 0, map[string]bool{}
	for p, err := range Read(bytes.NewReader(text), "x.jsonl", 0) {
		if err != nil {
			t.Fatal(err)
		}
		if i++; i%2 == 0 {
			continue // of the kind pairs
		}
		isCounter, isNoise := bytes.Contains(counter, p.Sequence), bytes.Contains(noise, p.Sequence)
		if len(p.Sequence) != windowBytes || isCounter == isNoise || isCounter != (p.Program != nil) {
			t.Fatalf("%d bytes, of the counter: %v, of the noise: %v, program %v", len(p.Sequence), isCounter, isNoise, p.Program)
		}
		places[string(p.Sequence)] = true
		if p.Program == nil {
			continue
		}
		found++
		got := make([]byte, windowBytes)
		if _, err := m.Bytes(got, p.Program, dsl.Budget{Steps: 1 << 20, Elements: 1 << 20}); err != nil || !bytes.Equal(got, p.Sequence) {
			t.Fatalf("%v produces %d, not %d, %v", p.Program, got, p.Sequence, err)
		}
	}
	if i != n || found < n/8 || found > 3*n/8 || len(places) < n/4 {
		t.Errorf("%d pairs, %d with programs of the counter, %d places", i, found, len(places))
	}
}

// TestPackedSequencesHaveNoProgram reads the tokens of windows of noise: their bytes and a mark.
func TestPackedSequencesHaveNoProgram(t *testing.T) {
	_, noise, files := realFiles(t)
	text := drawer(t, "--kinds real --steps 20000 --packed --longest 129 --real "+files, nil).mustBatch(t, 0, 40)
	alone := 0
	for len(text) > 0 {
		n, size := int(binary.LittleEndian.Uint16(text)), int(binary.LittleEndian.Uint16(text[2:]))
		tokens := make([]seqcoder.Token, n)
		if _, err := binary.Decode(text[4:], binary.LittleEndian, tokens); err != nil {
			t.Fatal(err)
		}
		text = text[4+2*n:]
		window := make([]byte, size)
		for i := range window {
			window[i] = byte(tokens[i])
		}
		if size != windowBytes || n != windowBytes+1 || !bytes.Contains(noise, window) {
			t.Fatalf("%d tokens, %d of them bytes: %d", n, size, window)
		}
		alone++
	}
	if alone != 40 {
		t.Errorf("%d pairs", alone)
	}
}
