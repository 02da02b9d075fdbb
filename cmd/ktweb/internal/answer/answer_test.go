package answer

import (
	"bytes"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/container"
)

// TestRestoredNames holds that names are without folders, and never empty.
func TestRestoredNames(t *testing.T) {
	for _, c := range []struct{ file, header, want string }{
		{"a.ktz", "", "a"},
		{"A.KTZ", "", "A"},
		{"a.tktz", "", "a.tar"},
		{"a.gz", "", "a.gz.restored"},
		{".ktz", "", ".ktz.restored"},
		{"a.ktz", "b.txt", "b.txt"},
		{"a.ktz", "../b", "b"},
		{"a.ktz", `..\..\b`, "b"},
		{"a.ktz", "..", "restored"},
		{"a.ktz", "b/", "restored"},
	} {
		h := &container.Header{Name: c.header}
		if got := restoredName(c.file, h); got != c.want {
			t.Errorf("%s with %q: got %q, want %q", c.file, c.header, got, c.want)
		}
	}
}

// segments returns a file of several segments, and what it restores to.
func segments(t *testing.T) (file, raw []byte) {
	t.Helper()
	raw = []byte(strings.Repeat("not all is lost; ", 20000))
	var b bytes.Buffer
	w, err := codec.NewWriter(&b, &codec.WriterConfig{SegmentSize: 64 << 10})
	if err != nil {
		t.Fatal(err)
	}
	w.Write(raw)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), raw
}

// TestRestore holds what is restored of intact and damaged files.
func TestRestore(t *testing.T) {
	file, raw := segments(t)
	changed := bytes.Clone(file)
	changed[len(changed)/2] ^= 1
	header := file[:len(file)/8] // and the beginning of a segment
	for name, c := range map[string]struct {
		file                      []byte
		damaged, nothing, foreign bool
	}{
		"intact":  {file, false, false, false},
		"changed": {changed, true, false, false},
		"cut":     {file[:len(file)/2], true, false, false},
		"header":  {header, true, true, false},
		"no file": {[]byte("text"), true, true, true},
		"empty":   {nil, true, true, true},
	} {
		var out bytes.Buffer
		got := Restore("f.ktz", bytes.NewReader(c.file), int64(len(c.file)), &out, out.Reset)
		if (got.Error != "") != c.damaged || got.Nothing != c.nothing || got.Foreign != c.foreign || got.Size != int64(out.Len()) {
			t.Errorf("%s: got %+v and %d bytes", name, got, out.Len())
		}
		intact := 0
		for k, b := range out.Bytes() {
			if b == raw[k] {
				intact++
			} else if b != 0 {
				t.Fatalf("%s: a wrong byte at %d", name, k)
			}
		}
		if !c.nothing && intact < len(raw)/4 {
			t.Errorf("%s: only %d bytes are restored", name, intact)
		}
	}
}

// TestRestoredIsBounded holds that a file does not restore to more than a page takes.
func TestRestoredIsBounded(t *testing.T) {
	w := &bounded{dst: &bytes.Buffer{}, n: MaxRestored - 3}
	if _, err := w.Write([]byte("abc")); err != nil {
		t.Error(err)
	}
	if _, err := w.Write([]byte("d")); err != errTooLong {
		t.Errorf("got %v", err)
	}
}
