package bench

import (
	"bytes"
	"testing"
)

// TestInputs holds that an input has the length asked for, the same bytes each time, and
// that a longer one begins with the shorter one.
func TestInputs(t *testing.T) {
	for _, in := range append(Inputs(), Messages()...) {
		t.Run(in.Name, func(t *testing.T) {
			t.Parallel()
			long := in.Data(100_000)
			if len(long) != 100_000 {
				t.Fatalf("%d bytes, want 100000", len(long))
			}
			for _, n := range []int{0, 1, 31, 4097, 100_000} {
				if b := in.Data(n); !bytes.Equal(b, long[:n]) {
					t.Errorf("%d bytes: want the beginning of the longer input", n)
				}
			}
		})
	}
}
