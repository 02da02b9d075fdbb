package mix

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"os/exec"
	"strings"
	"testing"
)

// decoder restores members by container/testdata/mix.py, which was written from the format's
// description: a line for each, of its predictor, its length and its bytes.
const decoder = `
import json, sys
sys.path.insert(0, "../../../container/testdata")
from mix import predicted
for line in sys.stdin:
    j = json.loads(line)
    print(predicted(j["components"], bytes.fromhex(j["member"]), j["size"], 2**26).hex())
`

// A component is one of a predictor, as mix.py takes it: its number (container/FORMAT.md, section 12)
// and its arguments.
type component [2]any

// components returns those of p.
func components(p *Samples) (list []component) {
	width := p.Width
	source := map[Kind]int{Signed: 0, Unsigned: 1, Float: 2, FloatIBM: 3}[p.Kind]
	switch p.Packing {
	case PackedRun:
		source, width = 4, 1
	case Packed212:
		source, width = 4, 2
	}
	if p.BigEndian {
		width = -width
	}
	list = append(list, component{source, []int{width, p.Channels, p.Row}})
	if p.Precision > 0 {
		list = append(list, component{5, []int{p.Precision}})
	}
	if o := p.OLS; o.Every > 0 {
		list = append(list, component{6, []any{o.Fade, o.Every, []int{o.Own, o.Other, o.Rings}}})
	}
	for _, f := range p.NLMS {
		list = append(list, component{7, []int{f.Taps, f.Shift}})
	}
	return append(list, component{8, []uint{p.Contexts, p.Values, uint(p.Decisions)}})
}

// TestSecondDecoder restores members with a decoder that shares no code with this package.
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
		if p.Packing != Unpacked {
			p.Kind = Signed // as the format has them
		}
		src := s.bytes(r, p, r.IntN([]int{800, 100, 2000}[i%3]))
		if r.chance(6) {
			src = r.random(len(src))
		}
		member := encode(t, &m, src, p)
		if member == nil {
			continue
		}
		task, err := json.Marshal(map[string]any{"components": components(p), "size": len(src), "member": hex.EncodeToString(member)})
		if err != nil {
			t.Fatal(err)
		}
		in.Write(append(task, '\n'))
		want = append(want, hex.EncodeToString(src))
	}
	cmd := exec.Command(python, "-B", "-c", decoder)
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
