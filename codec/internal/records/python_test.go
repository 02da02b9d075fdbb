package records

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"os/exec"
	"strings"
	"testing"
)

// decoder restores members by container/testdata/records.py: a line for each, of its predictor, its
// length and its bytes. It refuses what is invalid.
const decoder = `
import json, sys
sys.path.insert(0, "../../../container/testdata")
from language import Invalid
from records import predicted
for line in sys.stdin:
    j = json.loads(line)
    try:
        print(predicted(j["components"], bytes.fromhex(j["member"]), j["size"], 2**26).hex())
    except Invalid:
        print("refused")
`

// A component is one of a predictor, as records.py takes it: its number (container/FORMAT.md, section 12)
// and its arguments.
type component [2]any

// components returns those of p.
func components(p *Params) []component {
	f := p.Frame
	list := []int{}
	if f.Head > 0 {
		list = append(list, f.Head, f.At, f.Element, f.Unit, f.Plus, f.Align, len(f.Keys))
		list = append(list, f.Keys...)
		for _, t := range f.Types {
			list = append(list, t.Byte, t.Length, t.From)
		}
	}
	return []component{
		{9, []any{f.First, f.Length, list}},
		{11, []uint{p.Contexts}},
		{12, []uint{p.Experts}},
		{13, []int{p.Match}},
		{22, []any{p.Log, 0, []int{}}},
	}
}

// TestSecondDecoder restores members, some of which were changed, with a decoder that shares no code
// with this package.
func TestSecondDecoder(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3")
	}
	r := newSampler(78)
	var m Machine
	var in bytes.Buffer
	var want []string
	for i := range 24 {
		p := r.params()
		src := r.logged(r.IntN([]int{300, 60, 600}[i%3]))
		switch r.IntN(4) {
		case 0:
			p.Frame = loggedFrame
		case 1:
			src = bytes.Repeat(src[:min(len(src), 40)], 9)
		}
		member, result := encode(t, &m, src, p), hex.EncodeToString(src)
		if len(member) > 0 && r.chance(4) {
			member[r.IntN(len(member))] ^= 1 << r.IntN(8)
			if m.Decode(src, member, p) != nil {
				result = "refused"
			} else {
				result = hex.EncodeToString(src)
			}
		}
		task, err := json.Marshal(map[string]any{
			"components": components(p),
			"member":     hex.EncodeToString(member),
			"size":       len(src),
		})
		if err != nil {
			t.Fatal(err)
		}
		in.Write(append(task, '\n'))
		want = append(want, result)
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
