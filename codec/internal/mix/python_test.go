package mix

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"os/exec"
	"strings"
	"testing"
)

// TestSecondDecoder restores members with testdata/unmix.py, a direct model of the whole that
// shares no code with this package.
func TestSecondDecoder(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3")
	}
	r := newSampler(77)
	var m Machine
	var in bytes.Buffer
	var want []string
	for i := range 40 {
		p, s := r.samples(), signals[r.IntN(len(signals))]
		src := s.bytes(r, p, r.IntN([]int{800, 100, 2000}[i%3]))
		if r.chance(6) {
			src = r.random(len(src))
		}
		member := encode(t, &m, src, p)
		if member == nil {
			continue
		}
		task, err := json.Marshal(map[string]any{"p": p, "size": len(src), "member": hex.EncodeToString(member)})
		if err != nil {
			t.Fatal(err)
		}
		in.Write(append(task, '\n'))
		want = append(want, hex.EncodeToString(src))
	}
	cmd := exec.Command(python, "-B", "testdata/unmix.py")
	cmd.Stdin = &in
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	if len(got) != len(want) {
		t.Fatalf("%d members restored, want %d", len(got), len(want))
	}
	for i, w := range want {
		if got[i] != w {
			t.Errorf("member %d: the second decoder makes others of it", i)
		}
	}
}
