package codec

import (
	"bytes"
	"errors"
	"hash/crc32"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/dsl"
)

// goldenPath holds the golden files of the version that no release wrote yet. Those of the
// versions before are never written again.
const goldenPath = "../container/testdata/golden/3/"

// TestWriteGolden codes what the golden files without a plan restore to, with their headers
// and sizes, anew.
func TestWriteGolden(t *testing.T) {
	if !*update {
		t.Skip("-update not given")
	}
	for name, f := range golden(t) {
		file := []byte(nil)
		if !strings.Contains(name, goldenPath) || strings.Contains(name, "every-plan") {
			continue
		}
		if strings.Contains(name, "every-operation") {
			var raw []byte
			file, raw = everyOperation(t)
			if err := os.WriteFile(strings.TrimSuffix(name, ".ktz")+".raw", raw, 0o666); err != nil {
				t.Fatal(err)
			}
		} else {
			file = recode(t, f[0], f[1])
		}
		if err := os.WriteFile(name, file, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// TestWritePlans codes what golden files restore to by the plans of the
// text beside them, divided by lines ----: as many files, one after the other.
func TestWritePlans(t *testing.T) {
	if !*update {
		t.Skip("-update not given")
	}
	for _, name := range []string{"every-plan"} {
		text, err := os.ReadFile(goldenPath + name + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		raw, err := os.ReadFile(goldenPath + name + ".raw")
		if err != nil {
			t.Fatal(err)
		}
		var file []byte
		plans := strings.Split(string(text), "\n----\n")
		for k, text := range plans {
			part := raw[len(raw)*k/len(plans) : len(raw)*(k+1)/len(plans)]
			cfg := &WriterConfig{only: parsePlan(t, text), Level: 7, Finder: finder, Header: container.Header{Version: container.Version}}
			file = append(file, compress(t, part, 0, cfg)...)
		}
		if err := os.WriteFile(goldenPath+name+".ktz", file, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// recode codes raw, what the files in old restore to, as they did.
func recode(t *testing.T, old, raw []byte) (files []byte) {
	t.Helper()
	r := container.NewReader(bytes.NewReader(old))
	var h *container.Header
	size, segment := 0, 0 // of the file, and of its first segment
	end := func() {
		if h != nil {
			cfg := &WriterConfig{Level: 7, Finder: finder, BlockSize: h.BlockSize(), Header: *h}
			if size > segment {
				cfg.SegmentSize = segment
			}
			files = append(files, compress(t, raw[:size], 0, cfg)...)
			raw, size, segment = raw[size:], 0, 0
		}
	}
	for {
		var s container.Segment
		next, err := r.Next(&s)
		switch {
		case errors.Is(err, io.EOF):
			end()
			return files
		case err != nil:
			t.Fatal(err)
		case next != nil:
			end()
			h = next
		default:
			size += s.Size
			segment = max(segment, s.Size)
		}
	}
}

// everyOperation is a file with the programs of every-operation.txt: segments are
// parted by a line ====, their blocks by ----; and what it restores to.
func everyOperation(t *testing.T) (file, raw []byte) {
	t.Helper()
	text, err := os.ReadFile(goldenPath + "every-operation.txt")
	if err != nil {
		t.Fatal(err)
	}
	const size = 256
	h := container.Header{BlockLog: 8, SegmentLog: 12}
	if file, err = h.Append(nil); err != nil {
		t.Fatal(err)
	}
	x := container.Index{Header: int64(len(file))}
	for _, segment := range strings.Split(string(text), "\n====\n") {
		e, m := dsl.NewEncoder(), new(dsl.Machine)
		e.Plan(dsl.Identity())
		var out []byte
		blocks := strings.Split(segment, "\n----\n")
		for _, block := range blocks {
			p, err := dsl.Parse(block, dsl.Block)
			if err != nil {
				t.Fatal(err)
			}
			n := size
			if len(blocks) == 1 {
				list, _, err := m.Run(p, dsl.BlockBudget(size))
				if err != nil {
					t.Fatal(err)
				}
				n = len(list)
			}
			at := len(out)
			out = append(out, make([]byte, n)...)
			if _, err := m.Block(out, at, n, p, dsl.BlockBudget(n)); err != nil {
				t.Fatalf("%v\n%v", err, p)
			}
			e.Program(p)
		}
		raw = append(raw, out...)
		s := container.Segment{Size: len(out), Sum: crc32.ChecksumIEEE(out), Programs: e.Finish()}
		at := len(file)
		if file, err = s.Append(file); err != nil {
			t.Fatal(err)
		}
		x.Entries = append(x.Entries, container.Entry{Coded: int64(len(file) - at), Size: int64(s.Size)})
	}
	return x.Append(file), raw
}
