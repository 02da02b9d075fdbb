package text

import (
	"slices"
	"testing"
)

// TestTrimKeepsWhatRowsAre has rows, templates, and which of these remain.
func TestTrimKeepsWhatRowsAre(t *testing.T) {
	for _, c := range []struct {
		rows, templates string
		sets            []int
		want            string
		wantSets        []int
	}{
		{"a 1\na 2\n", "a %u1\nb %u1\n%s\n", []int{3}, "a %u1\n", []int{1}},
		{"b 1\nother\n", "a %u1\nb %u1\n%s\n", []int{3}, "b %u1\n%s\n", []int{2}},
		{"x 7 a\nx 9 a", "%<2> a\n%<3> b\nc\nx %u1\n%s\n", []int{3, 1, 1}, "%<2> a\nx %u1\n%s\n", []int{1, 1, 1}},
	} {
		got, sets, err := Trim([]byte(c.rows), c.templates, shapeOf(c.rows, c.sets))
		if err != nil || got != c.want || !slices.Equal(sets, c.wantSets) {
			t.Errorf("%q: %q, sets %d, %v; want %q, %d", c.templates, got, sets, err, c.want, c.wantSets)
			continue
		}
		rowText(t, c.rows, got, sets)
	}
	if got, _, err := Trim([]byte("b\n"), "a\n", shapeOf("b\n", []int{1})); err == nil {
		t.Errorf("a row of no template: %q", got)
	}
}
