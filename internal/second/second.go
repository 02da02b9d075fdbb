// Package second restores members of predictors in tests by the second decoder, that in Python below
// container/testdata, which was written from the description of the format and shares no code with others.
package second

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"os/exec"
	"strings"
	"testing"
)

// decoder prints what the function predicted of a module makes of each line's member. It prints refused of
// what is invalid.
const decoder = `
import importlib, json, sys
sys.path.insert(0, "../../../container/testdata")
from language import Invalid
predicted = importlib.import_module(sys.argv[1]).predicted
for line in sys.stdin:
    j = json.loads(line)
    try:
        print(predicted(j["Components"], bytes.fromhex(j["Member"]), j["Size"], 2**26).hex())
    except Invalid:
        print("refused")
`

// refused stands for what is not restored.
const refused = "refused"

// A Component is one of a predictor: its number and its arguments (container/FORMAT.md, section 12).
type Component [2]any

// A Decoder restores members by the second decoder.
type Decoder struct {
	in   bytes.Buffer
	want []string
}

// Add adds a member of the predictor of these components. It has so many bytes, and restores to them; to
// none if an error says that it is invalid.
func (d *Decoder) Add(t *testing.T, components []Component, member, restored []byte, err error) {
	t.Helper()
	line, jsonErr := json.Marshal(struct {
		Components []Component
		Member     string
		Size       int
	}{components, hex.EncodeToString(member), len(restored)})
	if jsonErr != nil {
		t.Fatal(jsonErr)
	}
	d.in.Write(append(line, '\n'))
	result := hex.EncodeToString(restored)
	if err != nil {
		result = refused
	}
	d.want = append(d.want, result)
}

// Check restores the members, by a module below container/testdata, from a package three folders below the
// root. It skips the test if there is no Python.
func (d *Decoder) Check(t *testing.T, module string) {
	t.Helper()
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3")
	}
	cmd := exec.Command(python, "-B", "-c", decoder, module)
	cmd.Stdin = &d.in
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	if len(got) != len(d.want) {
		t.Fatalf("%d members restored, want %d", len(got), len(d.want))
	}
	for i, w := range d.want {
		if got[i] != w {
			t.Errorf("member %d: the second decoder makes others of it", i)
		}
	}
}
