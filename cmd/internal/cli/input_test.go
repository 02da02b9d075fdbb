package cli

import (
	"bytes"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/codec"
)

// testApp returns an app and the file in dir that gets its messages.
func testApp(t *testing.T, dir string, args ...string) (*app, *os.File) {
	t.Helper()
	cmd := &Command{Name: "ktzip", Compress: true}
	opt, err := parse(cmd, "", args)
	if err != nil {
		t.Fatal(err)
	}
	messages, err := os.Create(filepath.Join(dir, "messages"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { messages.Close() })
	return &app{Command: cmd, opt: opt, ctx: t.Context(), stdin: messages, stdout: messages, stderr: messages,
		mask: 0o022, sync: (*os.File).Sync}, messages
}

// noise returns n random bytes: they make short segments.
func noise(n int) []byte {
	b := make([]byte, n)
	rand.NewChaCha8([32]byte{byte(n)}).Read(b)
	return b
}

// restored returns what the file at path restores to.
func restored(t *testing.T, path string) []byte {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := codec.NewReader(f, nil)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// A change of a file after the system told its size and before its data is read.
type change struct {
	told, now int    // bytes
	segment   string // --segment-size; "" for the default
	direct    bool   // to standard output
}

// compress compresses the file of c in dir, whose data is the beginning of data. It returns
// the path of the output.
func (c change) compress(t *testing.T, dir string, data []byte) string {
	t.Helper()
	path := filepath.Join(dir, "a")
	args := []string{"-1", "-T1", "--rm", path}
	coded := path + ".ktz"
	if c.direct {
		args[2], coded = "-c", filepath.Join(dir, "out")
	}
	if c.segment != "" {
		args = append(args, "--segment-size="+c.segment)
	}
	a, messages := testApp(t, dir, args...)
	if err := os.WriteFile(path, data[:c.told], 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data[:c.now], 0o600); err != nil {
		t.Fatal(err)
	}
	if c.direct {
		if a.stdout, err = os.Create(coded); err != nil {
			t.Fatal(err)
		}
		defer a.stdout.Close()
	}
	a.source(&source{name: "a", path: path, file: f, info: info})
	text, err := os.ReadFile(messages.Name())
	if err != nil {
		t.Fatal(err)
	}
	if a.status.code() != exitWarning || !strings.Contains(string(text), "its size changed") {
		t.Errorf("code %d, message %q", a.status.code(), text)
	}
	if _, err := os.Stat(path); err != nil {
		t.Errorf("the file is gone: %v", err)
	}
	return coded
}

// TestChangingFiles holds that the data of a file is compressed whole, also if the system
// told another size before, and that the file is kept then.
func TestChangingFiles(t *testing.T) {
	const large = 3<<20 + 5
	data := noise(2 * large)
	for name, c := range map[string]change{
		"short, grown":                         {told: 100, now: 3000},
		"short, grown by segments":             {told: 100, now: large},
		"short, shrunk":                        {told: 3000, now: 100},
		"short, emptied":                       {told: 3000, now: 0},
		"short, shrunk, many segments":         {told: 300_000, now: 200_001, segment: "4096"},
		"empty, then not":                      {told: 0, now: 3000},
		"long, grown by a byte":                {told: large, now: large + 1},
		"long, grown":                          {told: large, now: 2 * large},
		"long, shrunk by a byte":               {told: large, now: large - 1},
		"long, shrunk to a segment and a byte": {told: large, now: 1<<20 + 1},
		"long, shrunk to a segment":            {told: large, now: 1 << 20},
		"long, emptied":                        {told: large, now: 0},
		"long, shrunk, many segments":          {told: large, now: 2 << 20, segment: "65536"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, c.direct = range []bool{false, true} {
				want := data[:c.now]
				if c.direct && c.told > KnownSize && c.now > KnownSize && c.now < c.told {
					want = append(bytes.Clone(want), make([]byte, c.told-c.now)...) // NULs
				}
				if got := restored(t, c.compress(t, t.TempDir(), data)); !bytes.Equal(got, want) {
					t.Errorf("restores to %d bytes, not to the %d wanted", len(got), len(want))
				}
			}
		})
	}
}
