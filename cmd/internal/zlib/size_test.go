package zlib

import (
	"bytes"
	"math/rand/v2"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// samples are data of several kinds.
func samples() map[string][]byte {
	r := rand.New(rand.NewPCG(1, 2))
	noise, few, text := make([]byte, 300_000), make([]byte, 200_000), []byte{}
	for i := range noise {
		noise[i] = byte(r.Uint32())
	}
	for i := range few {
		few[i] = "ab\n"[r.IntN(3)]
	}
	for len(text) < 400_000 {
		text = strconv.AppendUint(text, uint64(r.ExpFloat64()*1000), 10)
		text = append(text, " is followed by "...)
	}
	return map[string][]byte{"nothing": nil, "a byte": {7}, "zeros": make([]byte, 1_000_000), "noise": noise, "few": few, "text": text,
		"mixed": bytes.Join([][]byte{noise[:70_000], text[:90_000], noise[:70_000], few}, nil)}
}

// measured returns the size of data, written in parts of at most so many bytes.
func measured(data []byte, most int) int {
	s, r := New(), rand.New(rand.NewPCG(3, 4))
	for len(data) > 0 {
		n := 1 + r.IntN(min(most, len(data)))
		s.Write(data[:n])
		data = data[n:]
	}
	return s.Bytes()
}

// need skips the test if there is no zlib.
func need(t *testing.T) {
	if New() == nil {
		t.Skip("no zlib for this machine")
	}
}

// want has the sizes of the samples: what Python's gzip.compress made of them with zlib 1.2.13.
var want = map[string]int{"nothing": 20, "a byte": 21, "zeros": 1003, "noise": 300113, "few": 46864, "text": 46482, "mixed": 199905}

// TestSizesAreFixed holds sizes that zlib gave, however data is written.
func TestSizesAreFixed(t *testing.T) {
	need(t)
	for name, data := range samples() {
		for _, most := range []int{1 << 30, 70_000, 100} {
			if got := measured(data, most); got != want[name] {
				t.Errorf("%s in parts of at most %d: %d bytes, want %d", name, most, got, want[name])
			}
		}
	}
}

// TestSizesArePythons compares sizes with those of the zlib that Python has.
func TestSizesArePythons(t *testing.T) {
	need(t)
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3")
	}
	version, err := exec.Command(python, "-c", "import zlib; print(zlib.ZLIB_RUNTIME_VERSION)").Output()
	if err != nil || strings.Contains(string(version), "ng") { // zlib-ng writes other bytes
		t.Skipf("Python has no zlib but %q", version)
	}
	for name, data := range samples() {
		cmd := exec.Command(python, "-c", "import gzip, sys; print(len(gzip.compress(sys.stdin.buffer.read())))")
		cmd.Stdin = bytes.NewReader(data)
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		if got := strconv.Itoa(measured(data, 5000)); got != strings.TrimSpace(string(out)) {
			t.Errorf("%s: %s bytes, Python's gzip has %s", name, got, out)
		}
	}
}

// TestSizesAreFreed holds that many Sizes, with Bytes or without, take the memory of few.
func TestSizesAreFreed(t *testing.T) {
	need(t)
	const many, most = 4000, 150 << 10 // each uses some 80 of its 270 KB; KB
	for i := range many {
		s := New()
		s.Write(make([]byte, 10_000))
		if i%2 == 0 {
			s.Bytes()
		}
		if i%50 == 0 {
			runtime.GC()
		}
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Skip(err)
	}
	_, text, _ := strings.Cut(string(status), "VmHWM:")
	number, _, _ := strings.Cut(strings.TrimSpace(text), " ")
	if kb, err := strconv.Atoi(number); err != nil || kb > most {
		t.Errorf("%d KB at most, allowed are %d; %v", kb, most, err)
	}
}
