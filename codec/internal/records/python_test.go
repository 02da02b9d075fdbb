package records

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"os/exec"
	"strings"
	"testing"
)

// decoder restores members by container/testdata/records.py: a line for each, of its parameters, its
// length and its bytes. It refuses what is invalid.
const decoder = `
import json, sys
sys.path.insert(0, "../../../container/testdata")
from frames import Frame
from language import Invalid
from records import predicted
for line in sys.stdin:
    j = json.loads(line)
    try:
        print(predicted(Frame(*j["frame"]), j["numbers"], bytes.fromhex(j["member"]), j["size"]).hex())
    except Invalid:
        print("refused")
`

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
		f := p.Frame
		types := [][]int{}
		for _, t := range f.Types {
			types = append(types, []int{t.Byte, t.Length, t.From})
		}
		task, err := json.Marshal(map[string]any{
			"frame":   []any{f.First, f.Length, f.Head, f.At, f.Element, f.Unit, f.Plus, f.Align, append([]int{}, f.Keys...), types},
			"numbers": []uint{p.Contexts, p.Experts, uint(p.Buckets), uint(p.Match)},
			"member":  hex.EncodeToString(member),
			"size":    len(src),
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
