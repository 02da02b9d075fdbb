package programs

import "testing"

// TestWorth holds that searches of longer sequences, of elements that nothing
// explains and of interleaves are worth more steps.
func TestWorth(t *testing.T) {
	row := func(n int, f func(i int) int) (v []byte) {
		for i := range n {
			v = append(v, byte(f(i)))
		}
		return v
	}
	up := func(i int) int { return i }
	noise := func(i int) int { return i*i*i%251 + i*i%17 }
	two := func(i int) int { return i%2*100 + i/2 }
	four := func(i int) int { return i%4*i%4*50 + i%4*30 + i/4 }
	tests := []struct {
		name       string
		more, less []byte
	}{
		{"longer", row(64, up), row(32, up)},
		{"noise", row(64, noise), row(64, up)},
		{"two strands", row(64, two), row(64, up)},
		{"four strands", row(64, four), row(64, up)},
		{"anything", row(1, up), nil},
	}
	for _, test := range tests {
		if more, less := Worth(test.more), Worth(test.less); more < less || less < 1 || more == less && len(test.less) > 0 {
			t.Errorf("%s: worth %d, want more than %d", test.name, more, less)
		}
	}
	if long := make([]byte, 2*MaxBlock); Worth(long) != Worth(long[:MaxBlock]) {
		t.Errorf("a sequence that is too long is worth more than one of %d elements", MaxBlock)
	}
}
