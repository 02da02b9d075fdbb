package codec

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/container"
)

// golden returns the files of each version of the format, by name, with what
// they restore to. They were written once and are never written again: what a
// version means does not change.
func golden(t *testing.T) map[string][2][]byte {
	t.Helper()
	names, err := filepath.Glob("../container/testdata/golden/*/*.ktz")
	if err != nil || len(names) < 10 {
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

// python runs the decoder that was written from FORMAT.md. An error of it means
// that it refused the file; other failures end the test.
func python(t *testing.T, file []byte) ([]byte, error) {
	t.Helper()
	path, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3 to run the other decoder with")
	}
	cmd := exec.Command(path, "-B", "../container/testdata/unktz.py", "-")
	cmd.Stdin = bytes.NewReader(file)
	var out, msg bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &msg
	err = cmd.Run()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1 || !strings.HasPrefix(msg.String(), "unktz.py: ")) {
		t.Fatalf("unktz.py: %v: %s", err, msg.Bytes())
	}
	return out.Bytes(), err
}

// TestFormatDocument runs a decoder written from FORMAT.md on the golden files.
func TestFormatDocument(t *testing.T) {
	for name, f := range golden(t) {
		if got, err := python(t, f[0]); err != nil || !bytes.Equal(got, f[1]) {
			t.Errorf("unktz.py gives something else for %s: %v", name, err)
		}
	}
}

// TestFormatDocumentRefuses breaks golden files; both decoders are to refuse
// them, and to agree where the checksums of the broken parts are right.
func TestFormatDocumentRefuses(t *testing.T) {
	files := golden(t)
	for _, name := range []string{"ramps-with-name-mtime-mode", "mixed-small-blocks", "every-operation"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := files[filepath.FromSlash("../container/testdata/golden/1/"+name+".ktz")][0]
			for off := 3; off < len(file); off += len(file)/4 + 1 {
				flipped := bytes.Clone(file)
				flipped[off] ^= 0x41
				for _, b := range [][]byte{flipped, file[:off]} {
					_, ours := decode(b, nil)
					_, theirs := python(t, b)
					if ours == nil || theirs == nil {
						t.Errorf("byte %d: %v; unktz.py: %v", off, ours, theirs)
					}
				}
			}
			for i := range 4 {
				b := rebuilt(t, file, func(s *container.Segment) {
					s.Programs[i*(len(s.Programs)-1)/3] ^= 4
				})
				got, ours := decode(b, nil)
				want, theirs := python(t, b)
				if (ours == nil) != (theirs == nil) || ours == nil && !bytes.Equal(got, want) {
					t.Errorf("change %d of the programs: %v; unktz.py: %v", i, ours, theirs)
				}
			}
		})
	}
}

// rebuilt is a file with its first segment changed, and right checksums.
func rebuilt(t *testing.T, file []byte, change func(*container.Segment)) []byte {
	t.Helper()
	r := container.NewReader(bytes.NewReader(file))
	var b []byte
	var x container.Index
	for {
		var s container.Segment
		h, err := r.Next(&s)
		at := len(b)
		switch {
		case err == io.EOF:
			return x.Append(b)
		case err != nil:
			t.Fatal(err)
		case h != nil:
			if b, err = h.Append(b); err != nil {
				t.Fatal(err)
			}
			x.Header = int64(len(b))
			continue
		case len(x.Entries) == 0:
			change(&s)
		}
		if b, err = s.Append(b); err != nil {
			t.Fatal(err)
		}
		x.Entries = append(x.Entries, container.Entry{Coded: int64(len(b) - at), Size: int64(s.Size)})
	}
}
