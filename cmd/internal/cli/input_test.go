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

// TestChangingFiles holds that the data of a file is compressed whole, also if the system
// told another size before.
func TestChangingFiles(t *testing.T) {
	const large = 3<<20 + 5
	data := noise(2 * large)
	for _, c := range []struct {
		name      string
		told, now int // bytes
		segment   string
	}{
		{"short, grown", 100, 3000, ""},
		{"short, grown by segments", 100, large, ""},
		{"short, shrunk", 3000, 100, ""},
		{"short, emptied", 3000, 0, ""},
		{"short, shrunk, many segments", 300_000, 200_001, "4096"},
		{"empty, then not", 0, 3000, ""},
		{"long, grown by a byte", large, large + 1, ""},
		{"long, grown", large, 2 * large, ""},
		{"long, shrunk by a byte", large, large - 1, ""},
		{"long, shrunk to a segment and a byte", large, 1<<20 + 1, ""},
		{"long, shrunk to a segment", large, 1 << 20, ""},
		{"long, emptied", large, 0, ""},
		{"long, shrunk, many segments", large, 2 << 20, "65536"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, direct := range []bool{false, true} {
				dir := t.TempDir()
				path := filepath.Join(dir, "a")
				args := []string{"-1", "-T1", "--rm"}
				if c.segment != "" {
					args = append(args, "--segment-size="+c.segment)
				}
				if direct {
					args[2] = "-c"
				}
				a, messages := testApp(t, dir, append(args, path)...)
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
				coded := path + ".ktz"
				if direct {
					coded = filepath.Join(dir, "out")
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
				want := data[:c.now]
				if direct && c.told > knownSize && c.now > knownSize && c.now < c.told {
					want = append(bytes.Clone(want), make([]byte, c.told-c.now)...)
				}
				if !bytes.Equal(restored(t, coded), want) {
					t.Error("restores to something else")
				}
				if _, err := os.Stat(path); err != nil {
					t.Error(err)
				}
			}
		})
	}
}
