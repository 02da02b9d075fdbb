package predictors

import "testing"

// all returns the sources of an element that are tried of stream.
func all(stream []byte, element int) (list []source) {
	for _, s := range likely(stream) {
		if s.element == element {
			list = append(list, s.arrangements(stream)...)
		}
	}
	return list
}

// TestSources tells how the bytes of generated signals stand for numbers: width, order, channels and
// rows; whether they have signs matters only where they wrap.
func TestSources(t *testing.T) {
	drawn, found := 60, 0
	if testing.Short() {
		drawn = 10
	}
	least := drawn * 9 / 10
	for seed := range uint64(drawn) {
		s := draw(seed, 60_000)
		for _, x := range all(s.bytes(), s.element) {
			if x.channels == s.channels && x.row == s.row {
				found++
				break
			}
		}
		if testing.Verbose() {
			t.Log(seed, s.source, all(s.bytes(), s.element))
		}
	}
	if found < least {
		t.Errorf("the sources of %d signals of %d are found, want %d", found, drawn, least)
	}
}

// TestShortStreams looks for sources in streams of any length.
func TestShortStreams(t *testing.T) {
	s := draw(3, 20_000)
	b := s.bytes()
	for n := 0; n < 3000; n += 1 + n/7 {
		for _, x := range all(b[:n], s.element) {
			if x.channels < 1 || x.width() < 1 || x.row%x.channels != 0 {
				t.Errorf("%d bytes: %+v", n, x)
			}
		}
	}
}
