package cli

import "testing"

func TestSuffixesComeOff(t *testing.T) {
	for _, c := range []struct{ suffix, path, restored, has string }{
		{suffix, "a.ktz", "a", ".ktz"},
		{suffix, "d/a.b.ktz", "d/a.b", ".ktz"},
		{suffix, ".ktz", "", ".ktz"},
		{suffix, "d/.ktz", "", ".ktz"},
		{suffix, "a", "", ""},
		{suffix, "a.ktz.ktz", "a.ktz", ".ktz"},
		{suffix, "ktz", "", ""},
		{suffix, "..ktz", ".", ".ktz"},
		{suffix, "A.KTZ", "A", ".KTZ"},
		{suffix, "a.tktz", "a.tar", ".tktz"},
		{suffix, "A.TKTZ", "A.TAR", ".TKTZ"},
		{suffix, ".tktz", "", ".tktz"},
		{suffix, "a.z", "", ""},
		{".z", "a.z", "a", ".z"},
		{".z", "a.ktz", "a", ".ktz"},
		{"-z", "a-z", "a", "-z"},
		{".ktz.x", "a.ktz.x", "a", ".ktz.x"},
	} {
		o := &options{suffix: c.suffix}
		if got := o.restoredName(c.path); got != c.restored {
			t.Errorf("-S %s: %q becomes %q, want %q", c.suffix, c.path, got, c.restored)
		}
		if got := o.suffixOf(c.path); got != c.has {
			t.Errorf("-S %s: the suffix of %q is %q, want %q", c.suffix, c.path, got, c.has)
		}
	}
}
