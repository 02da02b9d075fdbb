package plans

import (
	"reflect"
	"testing"
)

// TestHigherLevelsTryMore holds that no field of an effort falls as the level rises, other
// than hopeful, which never rises.
func TestHigherLevelsTryMore(t *testing.T) {
	for level := minLevel + 1; level <= maxLevel; level++ {
		less, more := reflect.ValueOf(efforts[level-1]), reflect.ValueOf(efforts[level])
		for k := range more.NumField() {
			name, a, b := more.Type().Field(k).Name, less.Field(k).Int(), more.Field(k).Int()
			if name == "hopeful" {
				a, b = b, a
			}
			if a > b {
				t.Errorf("%s is %d at level %d and %d at level %d", name, less.Field(k).Int(), level-1, more.Field(k).Int(), level)
			}
		}
	}
}

// TestLevelsAreClamped takes levels out of range for the nearest, and 0 for the default.
func TestLevelsAreClamped(t *testing.T) {
	for level, want := range map[int]*effort{-3: &efforts[1], 0: &efforts[defaultLevel], 5: &efforts[5], 9: &efforts[9], 12: &efforts[9]} {
		if got := New(level).effort; got != want {
			t.Errorf("level %d has the effort %+v, want %+v", level, *got, *want)
		}
	}
}
