package plans

import (
	"reflect"
	"testing"
)

// TestHigherLevelsTryMore holds that no field of an effort falls as the level rises, other
// than hopeful and brief, which never rise.
func TestHigherLevelsTryMore(t *testing.T) {
	for level := minLevel + 1; level <= maxLevel; level++ {
		less, more := reflect.ValueOf(efforts[level-1]), reflect.ValueOf(efforts[level])
		for k := range more.NumField() {
			name, a, b := more.Type().Field(k).Name, less.Field(k), more.Field(k)
			if name == "hopeful" || name == "brief" {
				a, b = b, a
			}
			if name == "lower" {
				continue
			}
			if a.CanInt() && a.Int() > b.Int() || !a.CanInt() && a.Bool() && !b.Bool() {
				t.Errorf("%s is %v at level %d and %v at level %d", name, less.Field(k), level-1, more.Field(k), level)
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
