package codec

import (
	"bytes"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/dsl"
)

// hostileFiles are files that once took too long, too much memory, or were taken
// here and refused there, with what they may take now. They are in
// testdata/hostile.
var hostileFiles = []struct {
	name  string
	err   error // of all decoders; nil: they restore it
	steps int64 // of programs and deflate blocks, in the segment that takes most
	bytes int64 // allocated by a Reader, in all; measured, and a quarter more
}{
	{"capped.ktz", nil, 49_324_892, 19_680_000},
	{"combo_8000_2.ktz", container.ErrLimit, 1_639_168, 3_170_000},
	{"expo24.ktz", container.ErrLimit, 1_856, 432_000},
	{"expo64.ktz", container.ErrLimit, 2_560, 446_000},
	{"listbomb_300.ktz", container.ErrLimit, 4_047_680, 3_190_000},
	{"mm_good.ktz", nil, 96, 421_000},
	{"mm_padded_index.ktz", container.ErrCorrupt, 96, 421_000},
	{"mm_padded_length.ktz", container.ErrCorrupt, 96, 421_000},
	{"mm_size.ktz", container.ErrCorrupt, 96, 421_000},
	{"mm_sum.ktz", container.ErrChecksum, 96, 421_000},
	{"mm_time_2_63.ktz", nil, 96, 421_000},
	{"ratio20_paeth.ktz", container.ErrLimit, 4_672, 3_120_000},
	{"ratio_paeth.ktz", container.ErrLimit, 4_672, 3_120_000},
	{"scratch2_300_40.ktz", nil, 69_421_300, 31_580_000},
	{"scratch_1000_1.ktz", nil, 54_331_120, 18_020_000},
	{"wrap1.ktz", container.ErrLimit, 1_472, 1_710_000},
	{"wrap3.ktz", container.ErrLimit, 1_472, 1_710_000},
}

// verdicts are what the ways to read a file say of it: a Reader with one thread and
// with three, an Archive that is read whole, and Inspect.
func verdicts(file []byte, cfg ReaderConfig) (out [][]byte, errs []error) {
	add := func(b []byte, err error) { out, errs = append(out, b), append(errs, err) }
	cfg.Threads = 1
	add(decode(file, &cfg))
	cfg.Threads = 3
	add(decode(file, &cfg))
	a, err := NewArchive(bytes.NewReader(file), int64(len(file)), &cfg)
	if err != nil {
		add(nil, err)
	} else {
		add(io.ReadAll(a))
	}
	for _, programs := range []bool{false, true} {
		size := int64(0)
		err := Inspect(bytes.NewReader(file), &cfg, programs, func(s *SegmentInfo) error {
			size += s.Size
			for range s.Programs {
			}
			return nil
		})
		if err == nil && size != int64(len(out[0])) {
			err = errors.New("Inspect counts other bytes than a Reader restores")
		}
		add(out[0], err)
	}
	return out, errs
}

// agree wants the same bytes and the same kind of error of all ways to read a file,
// and returns those of a Reader.
func agree(t *testing.T, name string, file []byte, cfg ReaderConfig) ([]byte, error) {
	t.Helper()
	out, errs := verdicts(file, cfg)
	for k, err := range errs {
		if errors.Is(err, errPanic) {
			t.Fatalf("%s: way %d panics: %v", name, k, err)
		}
		if (err == nil) != (errs[0] == nil) || err == nil && !bytes.Equal(out[k], out[0]) {
			t.Errorf("%s: way %d gives %d bytes, %v; a Reader %d, %v", name, k, len(out[k]), err, len(out[0]), errs[0])
		}
		if err != nil {
			wantError(t, name, err)
		}
	}
	if !bytes.Equal(out[1], out[0]) || errs[0] != nil && errs[0].Error() != errs[1].Error() {
		t.Errorf("%s: three threads give %d bytes, %v; one %d, %v", name, len(out[1]), errs[1], len(out[0]), errs[0])
	}
	return out[0], errs[0]
}

// stepsOf is the most steps that decoding any segment of file takes.
func stepsOf(file []byte) (most int64) {
	r := container.NewReader(bytes.NewReader(file))
	var h *container.Header
	for {
		var s container.Segment
		next, err := r.Next(&s)
		if err != nil {
			return most
		}
		if next != nil {
			h = next
			continue
		}
		var d decoder
		d.segment(make([]byte, s.Size), h, &s, 0) // some are errors
		most = max(most, dsl.SegmentSteps(int64(s.Size))-d.steps+memberSteps(s.Size)-d.deflateSteps)
	}
}

// allocatedBy is how many bytes f allocates: the least of three times, since goroutines of what ran
// before may allocate meanwhile.
func allocatedBy(f func()) int64 {
	least := int64(math.MaxInt64)
	for range 3 {
		before := allocated()
		f()
		least = min(least, allocated()-before)
	}
	return least
}

// TestHostileFiles wants the files of testdata/hostile to stay within their steps and
// bytes, and all ways to read them to agree.
func TestHostileFiles(t *testing.T) {
	names, err := filepath.Glob("testdata/hostile/*.ktz")
	if err != nil || len(names) != len(hostileFiles) {
		t.Errorf("%d files, %d limits; %v", len(names), len(hostileFiles), err)
	}
	for _, c := range hostileFiles {
		if testing.Short() && c.steps > 1e6 {
			continue
		}
		file, err := os.ReadFile(filepath.Join("testdata/hostile", c.name))
		if err != nil {
			t.Fatal(err)
		}
		var got error
		n := allocatedBy(func() {
			r, err := NewReader(bytes.NewReader(file), nil)
			if err == nil {
				_, err = io.Copy(io.Discard, r)
			}
			got = err
		})
		steps := stepsOf(file)
		if !errors.Is(got, c.err) || steps > c.steps || n > c.bytes {
			t.Errorf("{%q, %v, %d, %d}, // want %v, %d, %d", c.name, got, steps, n, c.err, c.steps, c.bytes)
		}
		agree(t, c.name, file, ReaderConfig{})
	}
}
