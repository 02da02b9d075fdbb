package job

import (
	"errors"
	"testing"
)

// TestOf holds that errors and panics make a Result of a file that is skipped, which keeps its warnings.
func TestOf(t *testing.T) {
	for _, c := range []struct {
		do   func() error
		want string // the Error
	}{
		{func() error { return nil }, ""},
		{func() error { return errors.New("is bad") }, "is bad"},
		{func() error { panic("a fault") }, "panic: a fault"},
	} {
		r := Of("a", func(r *Result) error {
			r.Notes = append(r.Notes, "look")
			r.Out = 5
			return c.do()
		})
		if r.Path != "a" || r.Error != c.want || len(r.Notes) != 1 || (r.Out == 5) != (c.want == "") {
			t.Errorf("%+v, want %q", r, c.want)
		}
	}
	if err := Guard(func() error { panic("a fault") }); !errors.Is(err, ErrPanic) {
		t.Error(err)
	}
}

// TestShared holds that a thing is made once for each key, and again after an error.
func TestShared(t *testing.T) {
	var s Shared[int]
	made, fails := 0, true
	create := func() (int, error) {
		if fails {
			return 0, errors.New("fails")
		}
		made++
		return made, nil
	}
	if _, err := s.Get("a", create); err == nil {
		t.Error("no error")
	}
	fails = false
	for _, c := range []struct {
		key  string
		want int
	}{{"a", 1}, {"a", 1}, {"b", 2}, {"a", 1}} {
		if got, err := s.Get(c.key, create); got != c.want || err != nil {
			t.Errorf("%s: %d, %v, want %d", c.key, got, err, c.want)
		}
	}
}
