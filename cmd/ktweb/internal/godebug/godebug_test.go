package godebug

import "testing"

// TestSettingsHaveDefaults asks for settings as the standard library does.
func TestSettingsHaveDefaults(t *testing.T) {
	for name, want := range map[string]string{"#asynctimerchan": "asynctimerchan", "panicnil": "panicnil", "": ""} {
		s := New(name)
		s.IncNonDefault()
		if s.Name() != want || s.Undocumented() != (name != want) || s.Value() != "" || s.String() != want+"=" {
			t.Errorf("%q: %q, value %q", name, s, s.Value())
		}
	}
}
