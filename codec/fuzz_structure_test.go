package codec

import (
	"bytes"
	"flag"
	"hash/crc32"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// A choices is a script of decisions: bytes taken one after the other, then zeros.
type choices struct{ b []byte }

// take is a number from 0 to n-1.
func (c *choices) take(n int) int {
	if n <= 1 || len(c.b) == 0 {
		return 0
	}
	v := int(c.b[0])
	c.b = c.b[1:]
	if n > 256 && len(c.b) > 0 {
		v = v<<8 | int(c.b[0])
		c.b = c.b[1:]
	}
	return v % n
}

// number is one that matters at some limit, near the number was, or any.
func (c *choices) number(was int32) int32 {
	special := []int32{0, 1, -1, 2, 7, 8, 9, 30, 31, 64, 127, 128, 255, 256, 4096, 1 << 14, 1 << 16, 1 << 20, 1 << 21, math.MaxInt32, math.MinInt32}
	switch c.take(4) {
	case 0:
		return special[c.take(len(special))]
	case 1:
		return was + int32(c.take(9)) - 4
	case 2:
		return -was
	default:
		return int32(c.take(1 << 16))
	}
}

// structures are the files that FuzzStructure and TestStructures change, taken apart.
func structures(tb testing.TB) (seeds [][]*takenFile) {
	names, _ := filepath.Glob("../container/testdata/golden/*/*.ktz")
	hostile, _ := filepath.Glob("testdata/hostile/*.ktz")
	for _, name := range append(names, hostile...) {
		file, err := os.ReadFile(name)
		if err != nil {
			tb.Fatal(err)
		}
		if files := takeApart(file); len(files) > 0 && files[0].segments != nil {
			seeds = append(seeds, files)
		}
		if plan := onlyPlan(file); plan != nil {
			seeds = append(seeds, []*takenFile{plan})
		}
	}
	for _, text := range append(planTexts, scratchPlan) {
		seeds = append(seeds, takeApart(compress(tb, samples16(200, 3), 0, &WriterConfig{only: parsePlan(tb, text)})))
	}
	for _, file := range predictedFiles(tb) {
		seeds = append(seeds, takeApart(file))
	}
	return seeds
}

// changed takes a file apart, changes it by a script, seals it again with right checksums
// and wants all ways to read it to agree: a Reader with one thread and with three, an
// Archive, Inspect and, for one in share, the decoder that was written from FORMAT.md.
func changed(t *testing.T, file []*takenFile, script []byte, share uint32) {
	var files []*takenFile
	for _, f := range file {
		files = append(files, f.clone())
	}
	c := &choices{script}
	for range 1 + c.take(6) {
		change(files[c.take(len(files))], c)
	}
	sealed, ok := seal(files)
	if !ok {
		return
	}
	const limit = 64 << 20
	got, err := agree(t, "sealed", sealed, ReaderConfig{MemoryLimit: limit})
	if share == 0 || crc32.ChecksumIEEE(script)%share != 0 || slices.ContainsFunc(files, func(f *takenFile) bool { return Memory(&f.header) > limit || f.bytes() > 1<<14 }) {
		return
	}
	theirs, taken, ran := pythonRestores(t, sealed)
	if ran && (taken != (err == nil) || taken && !bytes.Equal(theirs, got)) {
		t.Fatalf("unktz.py gives %d bytes (%v), a Reader %d, %v", len(theirs), taken, len(got), err)
	}
}

// FuzzStructure is changed for the scripts that Go's fuzzing makes.
func FuzzStructure(f *testing.F) {
	if raceEnabled {
		f.Skip("one goroutine, too slow")
	}
	seeds := structures(f)
	for k := range seeds {
		for kind := byte(k % 2); kind < 13; kind += 2 { // half of the kinds for each: they take seconds
			// A file, the kind of change, and what decides about it.
			f.Add(byte(k), []byte{0, 0, 0, kind, 3 * kind, 1, 5, byte(k), 2, 9, 1, 7, 3, 200, 0, 1, kind, 4, 6})
		}
	}
	share := uint32(1)
	if fuzzing := flag.Lookup("test.fuzz"); fuzzing != nil && fuzzing.Value.String() != "" {
		share = pythonShare
	}
	f.Fuzz(func(t *testing.T, seed byte, script []byte) {
		if len(script) <= 1<<9 {
			changed(t, seeds[int(seed)%len(seeds)], script, share)
		}
	})
}

// TestStructures is changed for random scripts, without Python, many times as fast as
// FuzzStructure.
func TestStructures(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine, too slow")
	}
	seeds := structures(t)
	r := rand.New(rand.NewPCG(1, 7))
	for i := range atLength(500, 20_000) {
		script := make([]byte, 4+r.IntN(60))
		for k := range script {
			script[k] = byte(r.Uint32()) >> (r.Uint32() % 8) // small numbers more often
		}
		seed := r.IntN(len(seeds))
		changed(t, seeds[seed], script, 0)
		if t.Failed() {
			t.Fatalf("execution %d: file %d, script %x", i, seed, script)
		}
	}
}
