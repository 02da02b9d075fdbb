package codec

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// golden returns the files of each version of the format, by name, with what
// they restore to. They were written once and are never written again: what a
// version means does not change.
func golden(t *testing.T) map[string][2][]byte {
	t.Helper()
	names, err := filepath.Glob("../container/testdata/golden/*/*.ktz")
	if err != nil || len(names) < 9 {
		t.Fatal("golden files are missing: ", names, err)
	}
	files := map[string][2][]byte{}
	for _, name := range names {
		file, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := os.ReadFile(strings.TrimSuffix(name, ".ktz") + ".raw")
		if err != nil {
			t.Fatal(err)
		}
		files[name] = [2][]byte{file, raw}
	}
	return files
}

func TestGolden(t *testing.T) {
	for name, f := range golden(t) {
		if got := restore(t, f[0]); !bytes.Equal(got, f[1]) {
			t.Errorf("%s restores to something else", name)
		}
	}
}

// python runs the decoder that was written from FORMAT.md.
func python(t *testing.T, file []byte) ([]byte, error) {
	t.Helper()
	path, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3 to run the other decoder with")
	}
	cmd := exec.Command(path, "../container/testdata/unktz.py")
	cmd.Stdin = bytes.NewReader(file)
	var out, msg bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &msg
	err = cmd.Run()
	if strings.Contains(msg.String(), "Traceback") {
		t.Fatalf("unktz.py: %s", msg.Bytes())
	}
	return out.Bytes(), err
}

// TestFormatDocument runs a decoder written from FORMAT.md on the golden files,
// and on broken ones, which both decoders are to refuse.
func TestFormatDocument(t *testing.T) {
	for name, f := range golden(t) {
		if got, err := python(t, f[0]); err != nil || !bytes.Equal(got, f[1]) {
			t.Errorf("unktz.py gives something else for %s: %v", name, err)
		}
	}
	file := golden(t)[filepath.FromSlash("../container/testdata/golden/1/ramps-with-name-mtime-mode.ktz")][0]
	for off := 3; off < len(file); off += len(file)/12 + 1 {
		flipped := bytes.Clone(file)
		flipped[off] ^= 0x41
		for _, b := range [][]byte{flipped, file[:off]} {
			_, ours := decode(b, nil)
			_, theirs := python(t, b)
			var exit *exec.ExitError
			if ours == nil || !errors.As(theirs, &exit) {
				t.Errorf("byte %d: %v; unktz.py: %v", off, ours, theirs)
			}
		}
	}
}
