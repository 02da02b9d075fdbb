package plan

import (
	"bytes"
	"strings"
	"testing"
)

// TestFarDistances executes plans with the largest distances and numbers of columns. They
// make what any do that are longer than their list, even if an int has 32 bits.
func TestFarDistances(t *testing.T) {
	streams := [][]byte{[]byte("what comes before the first is 0")}
	for _, call := range []string{
		"paeth(sequence_1, 1, FAR, FAR)",
		"paeth(sequence_1, 8, FAR, FAR)",
		"paeth(sequence_1, -2, FAR, 1)",
		"median(sequence_1, 1, FAR, FAR)",
		"median(sequence_1, 4, 1073741824, FAR)",
		"predict(sequence_1, 1, 0, [FAR, 1, 1, -1])",
		"predict(sequence_1, 2, 0, [FAR, 1])",
		"scan_xor(sequence_1, 1, FAR)",
		"transpose(sequence_1, 1, FAR)",
		"transpose(sequence_1, 2, FAR)",
		"transpose(sequence_1, FAR, FAR)",
	} {
		text := "sequence_1 = payload(0)\nsequence_2 = " + call + "\noutput = sequence_2"
		p := mustParse(t, strings.ReplaceAll(text, "FAR", "2147483647"))
		got, want := make([]byte, len(streams[0])), make([]byte, len(streams[0]))
		if err := new(Machine).Join(want, mustParse(t, strings.ReplaceAll(text, "FAR", "33")), streams); err != nil {
			t.Fatal(call, err)
		}
		if err := new(Machine).Join(got, p, streams); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %q, %v, want %q", call, got, err, want)
		}
		if back, err := new(Machine).Split(got, p); err != nil || !bytes.Equal(back[0], streams[0]) {
			t.Errorf("%s: taken apart to %q, %v", call, back, err)
		}
	}
}
