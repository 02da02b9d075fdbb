package main

import (
	"slices"
	"testing"
)

// TestPartsAreNotWritten holds which sequences -every takes, and that tables of parts are only printed.
func TestPartsAreNotWritten(t *testing.T) {
	list := []int{0, 1, 2, 3, 4, 5, 6}
	for _, c := range []struct {
		lab    lab
		want   []int
		fewer  int
		writes bool
	}{
		{lab{update: true, every: 1}, list, 7, true},
		{lab{update: true, every: 3}, []int{0, 3, 6}, 2, false},
		{lab{update: true, every: 100}, []int{0}, 1, false},
		{lab{update: true, every: 1, only: "x"}, list, 7, false},
		{lab{every: 1}, list, 7, false},
	} {
		if got := thin(&c.lab, list); !slices.Equal(got, c.want) || c.lab.fewer(len(list)) != c.fewer || c.lab.writes() != c.writes {
			t.Errorf("every %d: %v, %d, writes: %v; want %+v", c.lab.every, got, c.lab.fewer(len(list)), c.lab.writes(), c)
		}
	}
	if err := run([]string{"-every", "0", "ratios"}, t.Output()); err == nil {
		t.Error("-every 0 is no error")
	}
}
