package compress

import (
	"bytes"
	"context"
	"encoding/binary"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"

	"github.com/ktzip/ktzip/cmd/ktfleet/internal/input"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/job"
	"github.com/ktzip/ktzip/codec"
)

func TestMain(m *testing.M) {
	beam.Init()
	os.Exit(m.Run())
}

// samples returns n bytes of a recording: two channels of 16 bits, with a little noise.
func samples(n int, seed uint64) []byte {
	r := rand.New(rand.NewPCG(seed, 1))
	b := make([]byte, 0, n+4)
	for i := 0; len(b) < n; i++ {
		x := 9000*math.Sin(float64(i)/50) + float64(r.IntN(9))
		b = binary.LittleEndian.AppendUint16(b, uint16(int16(x)))
		b = binary.LittleEndian.AppendUint16(b, uint16(int16(x/2)+int16(r.IntN(5))))
	}
	return b[:n]
}

// text returns n bytes of lines of words.
func text(n int, seed uint64) []byte {
	r := rand.New(rand.NewPCG(seed, 2))
	var b bytes.Buffer
	for b.Len() < n {
		for range 3 + r.IntN(9) {
			b.WriteString([]string{"pump", "valve", "open", "closed", "is", "at", "the", "pressure", "42", "17"}[r.IntN(10)])
			b.WriteByte(' ')
		}
		b.WriteByte('\n')
	}
	return b.Bytes()[:n]
}

// noise returns n random bytes.
func noise(n int, seed uint64) []byte {
	b := make([]byte, n)
	r := rand.NewChaCha8([32]byte{byte(seed)})
	r.Read(b)
	return b
}

// A fleet is a run of the pipeline.
type fleet struct {
	t      *testing.T
	folder string // with the folders in and out
	Config
	in input.Config
}

// newFleet returns a fleet of files, by their names, at level 1 unless other options are given.
func newFleet(t *testing.T, files map[string][]byte, args ...string) *fleet {
	t.Helper()
	folder := t.TempDir()
	f := &fleet{t: t, folder: folder}
	for name, b := range files {
		f.write(filepath.Join("in", name), b)
	}
	if len(args) == 0 {
		args = []string{"-1"}
	}
	f.Config = Config{Args: args, Workers: 2, SegmentTime: time.Minute, Temp: filepath.Join(folder, ".ktfleet-test")}
	f.in = input.Config{Patterns: []string{filepath.Join(folder, "in")}, Kind: input.Compressed, Output: filepath.Join(folder, "out"), Small: WholeFile}
	return f
}

// modTime is that of all files: headers state it, in a length that depends on it.
var modTime = time.Unix(1_700_000_000, 123_456_789)

// write writes a file of the folder.
func (f *fleet) write(name string, b []byte) {
	path := filepath.Join(f.folder, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		f.t.Fatal(err)
	}
	if err := os.WriteFile(path, b, 0o640); err != nil {
		f.t.Fatal(err)
	}
	if err := os.Chtimes(path, modTime, modTime); err != nil {
		f.t.Fatal(err)
	}
}

// run runs the pipeline, and returns the results by the names of the files.
func (f *fleet) run() map[string]job.Result {
	f.t.Helper()
	results, err := job.Run(context.Background(), "test", &job.Options{Runner: job.Prism, Temp: filepath.Join(f.folder, ".ktfleet-results"), Stderr: f.t.Output()}, func(s beam.Scope) (beam.PCollection, error) {
		return Pipeline(s, &f.in, &f.Config)
	})
	if err != nil {
		f.t.Fatal(err)
	}
	all := map[string]job.Result{}
	for _, r := range results {
		name, _ := filepath.Rel(filepath.Join(f.folder, "in"), r.Path)
		if _, twice := all[name]; twice {
			f.t.Errorf("two results of %s", name)
		}
		all[name] = r
	}
	return all
}

// output returns the compressed file of the file called name; nil if there is none.
func (f *fleet) output(name string) []byte {
	f.t.Helper()
	b, err := os.ReadFile(filepath.Join(f.folder, "out", name+".ktz"))
	if err != nil && !os.IsNotExist(err) {
		f.t.Fatal(err)
	}
	return b
}

// clean removes the outputs.
func (f *fleet) clean() {
	for _, path := range []string{filepath.Join(f.folder, "out"), f.Temp} {
		if err := os.RemoveAll(path); err != nil {
			f.t.Fatal(err)
		}
	}
}

// want returns what a Writer makes of the file called name.
func (f *fleet) want(name string) []byte {
	f.t.Helper()
	file := f.file(name)
	b, err := os.ReadFile(file.Path)
	if err != nil {
		f.t.Fatal(err)
	}
	coding, err := f.coding()
	if err != nil {
		f.t.Fatal(err)
	}
	cfg := *coding.writerConfig(&file, true)
	cfg.Threads = 2
	var out bytes.Buffer
	w, err := codec.NewWriter(&out, &cfg)
	if err != nil {
		f.t.Fatal(err)
	}
	if _, err := w.Write(b); err != nil {
		f.t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		f.t.Fatal(err)
	}
	return out.Bytes()
}

// restores checks that the output of the file called name restores to it.
func (f *fleet) restores(name string) {
	f.t.Helper()
	r, err := codec.NewReader(bytes.NewReader(f.output(name)), nil)
	if err != nil {
		f.t.Fatalf("%s: %v", name, err)
	}
	var out bytes.Buffer
	if _, err := r.WriteTo(&out); err != nil {
		f.t.Fatalf("%s: %v", name, err)
	}
	b, err := os.ReadFile(filepath.Join(f.folder, "in", name))
	if err != nil || !bytes.Equal(b, out.Bytes()) {
		f.t.Errorf("%s does not restore: %v", name, err)
	}
}

// nothingElse checks that no temporary file is left among the outputs.
func (f *fleet) nothingElse() {
	f.t.Helper()
	filepath.WalkDir(filepath.Join(f.folder, "out"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !strings.HasSuffix(path, ".ktz") {
			f.t.Errorf("%s is left", path)
		}
		return nil
	})
}
