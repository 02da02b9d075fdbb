package compress

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"testing"
)

// concat joins parts.
func concat(parts ...[]byte) []byte { return slices.Concat(parts...) }

// TestBytesAreKtzips holds that files of all sizes are compressed to the bytes of a Writer, whatever the
// number of workers.
func TestBytesAreKtzips(t *testing.T) {
	big := 40_000_000
	if testing.Short() {
		big = 20_000_000
	}
	f := newFleet(t, map[string][]byte{
		"empty": nil, "byte": {7}, "small": text(3000, 1), "folder/one MiB": samples(1<<20, 2), "folder/some": samples(5_000_001, 3),
		"large": concat(samples(big/2, 4), text(big/4, 5), noise(big/4, 6)), "other": samples(12_000_000, 7),
	})
	want := map[string][]byte{}
	for _, workers := range []int{1, 2, 8} {
		f.clean()
		f.Workers = workers
		results := f.run()
		for _, name := range []string{"empty", "byte", "small", "folder/one MiB", "folder/some", "large", "other"} {
			if want[name] == nil {
				want[name] = f.want(name)
			}
			r := results[name]
			if r.Error != "" || !bytes.Equal(f.output(name), want[name]) {
				t.Errorf("%d workers: %s: %d bytes, want %d: %+v", workers, name, len(f.output(name)), len(want[name]), r)
			}
			if r.Out != int64(len(want[name])) {
				t.Errorf("%d workers: %s: told of %d bytes, has %d", workers, name, r.Out, len(want[name]))
			}
			delete(results, name)
		}
		if len(results) > 0 {
			t.Errorf("%d workers: results of other files: %v", workers, results)
		}
		f.nothingElse()
	}
}

// TestOptions holds the same for options that change how files are cut, coded and joined.
func TestOptions(t *testing.T) {
	for _, args := range [][]string{
		{"-1", "--rsyncable"}, {"-1", "--segment-size=300000"}, {"-1", "--plan=none", "-n"}, {"-2", "--segment-size=2MiB"}, {"-1", "--mix", "--restore-speed=4MB/s"},
	} {
		t.Run(fmt.Sprint(args), func(t *testing.T) {
			t.Parallel()
			if slices.Contains(args, "--mix") && testing.Short() {
				t.Skip("predictors take long")
			}
			f := newFleet(t, map[string][]byte{"a": concat(text(1_000_000, 1), samples(2_500_000, 2)), "b": text(100_000, 3)}, args...)
			f.in.Small = 1 << 20 // so that a is divided
			results := f.run()
			for _, name := range []string{"a", "b"} {
				if want := f.want(name); !bytes.Equal(f.output(name), want) {
					t.Errorf("%s: %d bytes, want %d: %+v", name, len(f.output(name)), len(want), results[name])
				}
			}
		})
	}
}

// TestOutputsThatExist holds what becomes of files whose outputs are there, or are those of other files.
func TestOutputsThatExist(t *testing.T) {
	f := newFleet(t, map[string][]byte{"a": text(1000, 1), "b": text(2000, 2), "c.ktz": nil})
	f.write("out/a.ktz", []byte("old"))
	results := f.run()
	if results["a"].Error == "" || string(f.output("a")) != "old" {
		t.Errorf("an output was replaced: %+v", results["a"])
	}
	if results["c.ktz"].Error == "" {
		t.Error("a compressed file was compressed")
	}
	f.restores("b")
	f.in.Resume = true
	if results = f.run(); results["a"].Error != "" || string(f.output("a")) != "old" {
		t.Errorf("with Resume: %+v", results["a"])
	}
	f.in.Resume, f.in.Force = false, true
	f.run()
	f.restores("a")

	f.in.Force, f.in.Patterns, f.in.Output = false, []string{f.folder + "/in"}, f.folder+"/in/out"
	f.run()
	if results = f.run(); len(results) != 3 { // and none of in/out
		t.Errorf("an output inside the input: %+v", results)
	}
	os.RemoveAll(f.in.Output)
	f.in.Output, f.in.Force = f.folder+"/out", true

	f.clean()
	f.write("in2/a", text(500, 3))
	f.in.Patterns = append(f.in.Patterns, f.folder+"/in2", f.folder+"/in/*", f.folder+"/nothing*")
	results = f.run()
	f.restores("a")
	if results["../in2/a"].Error == "" || results["../nothing*"].Error == "" {
		t.Errorf("two files with one output, and a pattern without files: %+v", results)
	}
}
