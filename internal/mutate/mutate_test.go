package mutate

import (
	"bytes"
	"reflect"
	"testing"
)

// seeds have an argument of each type.
func seeds() [][]any {
	return [][]any{
		{[]byte("some bytes"), "a text", byte(255), uint16(1 << 15), int32(-1), 7},
		{[]byte{}, "", byte(0), uint16(0), int32(0), 0},
	}
}

// TestMutants wants the same mutants of the same seeds, of their types, nearly all of them others than the seeds, which
// stay what they are.
func TestMutants(t *testing.T) {
	const n = 2000
	s := seeds()
	list := mutants(s, n)
	if !reflect.DeepEqual(list, mutants(seeds(), n)) {
		t.Fatal("other mutants the second time")
	}
	if !reflect.DeepEqual(s, seeds()) {
		t.Fatal("the seeds changed")
	}
	same := 0
	for i, args := range list {
		for k := range args {
			if got, want := reflect.TypeOf(args[k]), reflect.TypeOf(s[0][k]); got != want {
				t.Fatalf("mutant %d: argument %d is a %v, want a %v", i, k, got, want)
			}
		}
		if reflect.DeepEqual(args, s[i%2]) {
			same++
		}
	}
	if len(list) != n || same > n/10 {
		t.Errorf("%d mutants, %d as the seed, want %d and hardly any", len(list), same, n)
	}
}

// TestEdits wants bytes to be cut, changed, repeated and taken from another seed.
func TestEdits(t *testing.T) {
	var shorter, longer, other, first int
	for _, args := range mutants([][]any{{bytes.Repeat([]byte("ab"), 50)}, {bytes.Repeat([]byte("x"), 100)}}, 2000) {
		b := args[0].([]byte)
		if len(b) < 100 {
			shorter++
		}
		if len(b) > 100 {
			longer++
		}
		if bytes.Contains(b, []byte("xx")) && bytes.Contains(b, []byte("ab")) {
			other++
		}
		if len(b) > 0 && b[0] != 'a' && b[0] != 'x' {
			first++
		}
	}
	if min(shorter, longer, other) < 200 || first == 0 {
		t.Errorf("%d shorter, %d longer, %d with parts of another, %d with another start", shorter, longer, other, first)
	}
}
