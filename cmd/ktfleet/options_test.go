package main

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/spf13/pflag"

	"github.com/ktzip/ktzip/cmd/ktfleet/internal/job"
)

// TestAbsolutePaths holds which paths workers in other folders are told.
func TestAbsolutePaths(t *testing.T) {
	here, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	f := pflag.NewFlagSet("", pflag.ContinueOnError)
	compressCommand.start(f)
	var o job.Options
	o.Flags(f)
	if err := f.Parse([]string{"--input", "rec/**", "gs://b/*", "--output", "out", "--input", here}); err != nil {
		t.Fatal(err)
	}
	got, err := absolute(f)
	want := []string{filepath.Join(here, "rec", "**"), here, "gs://b/*"}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("inputs: %q, want %q (%v)", got, want, err)
	}
	if input := f.Lookup("input").Value.(pflag.SliceValue).GetSlice(); len(input) > 0 {
		t.Errorf("inputs that would be there twice: %q", input)
	}
	if got := f.Lookup("output").Value.String(); got != filepath.Join(here, "out") || o.Temp != "" {
		t.Errorf("output %q, temp %q", got, o.Temp)
	}
}

// TestSizes holds how a size is printed: not at all if that would not be short.
func TestSizes(t *testing.T) {
	for bytes, want := range map[int64]string{128 << 20: "128MiB", 1000: ""} {
		if got := (size{&bytes}).String(); got != want {
			t.Errorf("%d: %q, want %q", bytes, got, want)
		}
	}
}
