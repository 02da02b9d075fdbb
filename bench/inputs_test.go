package bench

import (
	"bytes"
	"testing"
)

// TestInputs holds the inputs to what they promise: the length asked for, the
// same bytes each time, and a longer one begins like a shorter one.
func TestInputs(t *testing.T) {
	for _, in := range Inputs() {
		t.Run(in.Name, func(t *testing.T) {
			t.Parallel()
			long := in.Data(100_000)
			if len(long) != 100_000 {
				t.Fatalf("%d bytes, want 100000", len(long))
			}
			for _, n := range []int{0, 1, 31, 4097, 100_000} {
				if b := in.Data(n); !bytes.Equal(b, long[:n]) {
					t.Errorf("%d bytes: not the beginning of a longer input", n)
				}
			}
		})
	}
}
