package codec

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/dsl"
)

// goldenPath holds the golden files of the version that no release wrote yet. Those of the
// versions before are never written again.
const goldenPath = "../container/testdata/golden/3/"

// TestWriteGolden writes the golden files of that version: what those of the versions before
// restore to, coded anew, and what is new in it. It leaves a file that restores to that as it is, though
// the Writer has become better since: delete one to write it anew.
func TestWriteGolden(t *testing.T) {
	if !*update {
		t.Skip("-update not given")
	}
	write := func(name string, file, raw []byte) {
		old, _ := os.ReadFile(filepath.Join(goldenPath, name+".ktz"))
		if got, err := decode(old, nil); err == nil && len(old) > 0 && bytes.Equal(got, raw) {
			return
		}
		for ext, b := range map[string][]byte{".ktz": file, ".raw": raw} {
			if err := os.WriteFile(filepath.Join(goldenPath, name+ext), b, 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, f := range golden(t) {
		if !strings.Contains(name, "golden/1/") || strings.Contains(name, "every-operation") {
			continue
		}
		write(strings.TrimSuffix(filepath.Base(name), ".ktz"), recode(t, f[0], f[1]), f[1])
	}
	for name, make := range map[string]func(*testing.T) (file, raw []byte){
		"every-operation": everyOperation, "messages": messages, "forms": everyForm,
	} {
		file, raw := make(t)
		write(name, file, raw)
	}
	for _, name := range []string{"every-plan", "samples", "expand", "kinds", "mix", "lines", "devices", "branches", "disguise", "letters", "encoded"} {
		raw, err := os.ReadFile(goldenPath + name + ".raw")
		if err != nil {
			t.Fatal(err)
		}
		write(name, planned(t, goldenPath+name+".txt", raw), raw)
	}
	for _, name := range []string{"predicted", "predictors", "records", "texts"} {
		raw, err := os.ReadFile(goldenPath + name + ".raw")
		if err != nil {
			t.Fatal(err)
		}
		write(name, predicted(t, goldenPath+name+".txt", raw), raw)
	}
}

// planned codes raw by the plans in the text at path, divided by lines ----: as many files, one
// after the other.
func planned(t *testing.T, path string, raw []byte) (files []byte) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	plans := strings.Split(string(text), "\n----\n")
	for k, text := range plans {
		part := raw[len(raw)*k/len(plans) : len(raw)*(k+1)/len(plans)]
		files = append(files, compress(t, part, 0, &WriterConfig{only: parsePlan(t, text), Level: 7, Finder: finder})...)
	}
	return files
}

// messages is a file of messages that were flushed one by one, an empty file, and a file of the
// first message.
func messages(t *testing.T) (file, raw []byte) {
	var out bytes.Buffer
	w, err := NewWriter(&out, &WriterConfig{Level: 7, Finder: finder})
	if err != nil {
		t.Fatal(err)
	}
	message := func(i int) []byte {
		return fmt.Appendf(nil, `{"id": %d, "temperature": %d.%d, "state": "%s"}`+"\n", i, 20+i%3, i*7%10, strings.Repeat("ok ", i*i))
	}
	write := func(count int) {
		for i := range count {
			w.Write(message(i))
			raw = append(raw, message(i)...)
			if err := w.Flush(); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		w.Reset(&out)
	}
	write(30)
	write(0)
	write(1)
	return out.Bytes(), raw
}

// everyForm is a file of segments of every form: plain or with a section, of up to 2^16 bytes
// or more, of raw blocks, programs or both, of one group or two.
func everyForm(t *testing.T) (file, raw []byte) {
	h := container.Header{BlockLog: 9, SegmentLog: 17, Name: "forms", ModTime: time.Unix(1_790_000_000, 5)}
	sevens := text(t, "sequence_1 = repeat_num(512, 7)\noutput = sequence_1")
	long := bytes.Repeat([]byte("a long segment, "), 1<<12)
	halves := parsePlan(t, "sequence_1 = payload(0)\nsequence_2 = payload(1)\nsequence_3 = interleave(sequence_1, sequence_2)\noutput = sequence_3")
	blocks := func(plan *dsl.Program, groups []dsl.Group, programs ...*dsl.Program) []byte {
		e := dsl.NewEncoder(dsl.Edition2)
		e.Plan(plan)
		if groups != nil {
			e.Groups(groups)
		}
		for _, p := range programs {
			if p != nil {
				e.Program(p)
			} else {
				e.Raw()
			}
		}
		return e.Finish()
	}
	var segments []container.Segment
	add := func(content, section, members []byte) {
		segments = append(segments, container.Segment{Size: len(content), Sum: crc32.ChecksumIEEE(content), Programs: section, Raw: members})
		raw = append(raw, content...)
	}
	id, ones := dsl.Identity(), bytes.Repeat([]byte{7}, 512)
	mixed := slices.Concat(ones, long[:512], ones, long[:100])
	add(long, nil, memberOf(long, 2))
	add(append(long, 'x'), nil, memberOf(append(long, 'x'), 2))
	add(append(long, 'y'), blocks(id, nil, make([]*dsl.Program, 129)...), memberOf(append(long, 'y'), 1))
	add(long[:700], nil, stored(long[:700]))
	add(long[:700], blocks(id, nil, nil, nil), memberOf(long[:700], 1))
	add(ones, blocks(id, nil, sevens), nil)
	add(mixed, blocks(id, nil, sevens, nil, sevens, nil), memberOf(append(long[:512:512], long[:100]...), 2))
	woven := make([]byte, 0, 1024) // 7, then a byte of text, and so on
	for _, c := range long[:512] {
		woven = append(woven, 7, c)
	}
	add(woven, blocks(halves, []dsl.Group{{Streams: 1}, {Streams: 1}}, sevens, nil), memberOf(long[:512], 2))
	first := memberOf(ones, 2)
	add(woven, blocks(halves, []dsl.Group{{Streams: 1, Member: len(first)}, {Streams: 1}}, nil, nil), append(first, memberOf(long[:512], 2)...))
	h.HasSize, h.Size = true, int64(len(raw))
	return fileOf(t, h, segments...), raw
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
		e, m := dsl.NewEncoder(dsl.Edition2), new(dsl.Machine)
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
		if file, err = s.Append(file, &h); err != nil {
			t.Fatal(err)
		}
		x.Entries = append(x.Entries, container.Entry{Coded: int64(len(file) - at), Size: int64(s.Size)})
	}
	return x.Append(file, &h), raw
}
