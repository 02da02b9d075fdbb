package cli

import "testing"

func TestSuffixesComeOff(t *testing.T) {
	for _, c := range []struct{ suffix, path, restored, has string }{
		{Suffix, "a.ktz", "a", ".ktz"},
		{Suffix, "d/a.b.ktz", "d/a.b", ".ktz"},
		{Suffix, ".ktz", "", ".ktz"},
		{Suffix, "d/.ktz", "", ".ktz"},
		{Suffix, "a", "", ""},
		{Suffix, "a.ktz.ktz", "a.ktz", ".ktz"},
		{Suffix, "ktz", "", ""},
		{Suffix, "..ktz", ".", ".ktz"},
		{Suffix, "A.KTZ", "A", ".KTZ"},
		{Suffix, "a.tktz", "a.tar", ".tktz"},
		{Suffix, "A.TKTZ", "A.TAR", ".TKTZ"},
		{Suffix, ".tktz", "", ".tktz"},
		{Suffix, "a.z", "", ""},
		{".z", "a.z", "a", ".z"},
		{".z", "a.ktz", "a", ".ktz"},
		{"-z", "a-z", "a", "-z"},
		{".ktz.x", "a.ktz.x", "a", ".ktz.x"},
	} {
		if got := RestoredName(c.path, c.suffix); got != c.restored {
			t.Errorf("-S %s: %q becomes %q, want %q", c.suffix, c.path, got, c.restored)
		}
		if got := SuffixOf(c.path, c.suffix); got != c.has {
			t.Errorf("-S %s: the suffix of %q is %q, want %q", c.suffix, c.path, got, c.has)
		}
	}
}
