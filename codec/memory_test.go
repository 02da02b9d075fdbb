package codec

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
)

// measureVar makes the test binary restore a file, print the memory that this took
// at most, and end: "mode threads limit path".
const measureVar = "KTZIP_CODEC_MEASURE"

func TestMain(m *testing.M) {
	if line := os.Getenv(measureVar); line != "" {
		peak, err := measured(line)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Println(peak)
		return
	}
	os.Exit(m.Run())
}

// measured does what measureVar says and returns the peak of memory in bytes.
func measured(line string) (int64, error) {
	var mode, path string
	var threads int
	var limit int64
	if _, err := fmt.Sscan(line, &mode, &threads, &limit, &path); err != nil {
		return 0, err
	}
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	cfg := &ReaderConfig{Threads: threads, MemoryLimit: limit}
	switch mode {
	case "idle":
	case "reader":
		r, err := NewReader(f, cfg)
		if err != nil {
			return 0, err
		}
		if _, err := io.Copy(io.Discard, r); err != nil {
			return 0, err
		}
	case "archive":
		info, err := f.Stat()
		if err != nil {
			return 0, err
		}
		a, err := NewArchive(f, info.Size(), cfg)
		if err != nil {
			return 0, err
		}
		failed := make(chan error, threads)
		for range threads {
			go func() { failed <- readHereAndThere(a) }()
		}
		for range threads {
			if err := <-failed; err != nil {
				return 0, err
			}
		}
		if threads > 1 {
			if _, err := a.WriteTo(io.Discard); err != nil {
				return 0, err
			}
		}
	case "inspect":
		err := Inspect(f, cfg, true, func(s *SegmentInfo) error {
			for range s.Programs {
			}
			return nil
		})
		if err != nil {
			return 0, err
		}
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	for l := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(l, "VmHWM:"); ok {
			kib, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return kib << 10, err
		}
	}
	return 0, fmt.Errorf("no VmHWM")
}

// readHereAndThere reads at some places of the archive.
func readHereAndThere(a *Archive) error {
	b := make([]byte, 64)
	for k := range int64(100) {
		if _, err := a.ReadAt(b, a.Size()/100*(k*37%100)); err != nil && err != io.EOF {
			return err
		}
	}
	for off := a.Size() - plansSize; off >= 0 && off < a.Size(); off += plansSize / plansCount {
		if _, err := a.ReadAt(b[:1], off); err != nil {
			return err
		}
	}
	return nil
}

// peak is the memory, in bytes, that a process of its own takes for a file.
func peak(t *testing.T, mode string, threads int, limit int64, path string) int64 {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	// As many processors as threads, so that all of these are used.
	cmd.Env = append(os.Environ(), fmt.Sprintf("GOMAXPROCS=%d", max(2, threads)), fmt.Sprintf("%s=%s %d %d %s", measureVar, mode, threads, limit, path))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s, %d threads, %s: %v", mode, threads, filepath.Base(path), err)
	}
	n, err := strconv.ParseInt(strings.TrimSpace(string(out)), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// stored is deflate data of stored blocks.
func stored(b []byte) (m []byte) {
	for rest, more := b, true; more; {
		n := min(len(rest), 0xffff)
		more = n < len(rest)
		final := byte(1)
		if more {
			final = 0
		}
		m = append(m, final, byte(n), byte(n>>8), ^byte(n), ^byte(n>>8))
		m = append(m, rest[:n]...)
		rest = rest[n:]
	}
	return m
}

// gzipped is the GZIP member of deflate data that restores to content.
func gzipped(content, data []byte) []byte {
	m := append([]byte(gzipMagic+"\x00\x00\x00\x00\x00\xff"), data...)
	m = binary.LittleEndian.AppendUint32(m, crc32.ChecksumIEEE(content))
	return binary.LittleEndian.AppendUint32(m, uint32(len(content)))
}

// rawSegment is a segment of b, stored.
func rawSegment(b []byte, blockLog uint8) container.Segment {
	size := 1 << blockLog
	return container.Segment{Size: len(b), Sum: crc32.ChecksumIEEE(b), Programs: section(dsl.Edition2, dsl.Identity(), nil, (len(b)+size-1)/size), Raw: stored(b)}
}

// plannedSegment is a segment of n zeros by a plan of streams that are all zeros.
func plannedSegment(t testing.TB, text string, n int, blockLog uint8) container.Segment {
	p := parsePlan(t, text)
	layout, err := plan.NewLayout(p, n)
	if err != nil {
		t.Fatal(err)
	}
	lengths := layout.Streams
	total, size := 0, 1<<blockLog
	for _, k := range lengths {
		total += k
	}
	enc := dsl.NewEncoder(dsl.Edition2)
	enc.Plan(p)
	enc.Groups([]dsl.Group{{Streams: len(lengths)}})
	for range (total + size - 1) / size {
		enc.Raw()
	}
	return container.Segment{Size: n, Sum: crc32.ChecksumIEEE(make([]byte, n)), Programs: enc.Finish(), Raw: memberOf(make([]byte, total), 2)}
}

// scratchPlan takes as much memory for lists as plans may.
const scratchPlan = "sequence_1 = payload(0)\nsequence_2 = transpose(sequence_1, 1, 3)\nsequence_3 = transpose(sequence_2, 1, 5)\nsequence_4 = transpose(sequence_3, 1, 7)\nsequence_5 = transpose(sequence_4, 1, 9)\noutput = sequence_5"

// copyPlan makes the longest segment that a plan can make: 2^20 copies of 16 bytes, each after a
// literal, and more literals.
const copyPlan = "sequence_1 = payload(0)\nsequence_2 = get_subsequence_between_indices(sequence_1, 0, 16777216)\nsequence_3 = payload(1)\n" +
	"sequence_4 = add_item_list(sequence_3, 1)\nsequence_5 = get_subsequence_between_indices(sequence_4, 0, 1048576)\n" +
	"sequence_6 = expand(sequence_2, sequence_5, 16, [1, 0, 0])\noutput = sequence_6"

// Of "long plans", after the first segment.
const (
	plansCount = 500
	plansSize  = plansCount * 1500 // bytes
)

// longPlans are segments of small files of which each leaves much behind: one of many
// lines, one of a long list.
func longPlans(t *testing.T) []container.Segment {
	lines := chained(t, emptyList, 1000, "add_item_list(S, 0)", "concatenate(sequence_1, S)").String()
	list := "sequence_1 = payload(0)\nsequence_2 = fields(sequence_1, [1" + strings.Repeat(", 1", 3500) + "])\noutput = sequence_2"
	var out []container.Segment
	a, b := plannedSegment(t, lines, plansSize/plansCount, 12), plannedSegment(t, list, plansSize/plansCount, 12)
	for range plansCount / 2 {
		out = append(out, a, b)
	}
	return out
}

// memoryFiles make files that need much of what their headers state, or many of what Readers
// keep.
func memoryFiles(t *testing.T) map[string]func() []byte {
	raw := func(size int) container.Segment { return rawSegment(noise(size), 12) }
	head := func(log uint8) container.Header { return container.Header{BlockLog: 12, SegmentLog: log} }
	repeat := func(n int, s ...container.Segment) []container.Segment { return slices.Repeat(s, n) }
	tiny := compress(t, []byte("abc"), 0, &WriterConfig{Header: container.Header{Size: 3, HasSize: true}})
	planned := plannedSegment(t, scratchPlan, 2<<20, 12)

	// Lists as long as a program may have, in every block, and literals as long.
	literal := &dsl.Program{Nodes: []dsl.Node{{Op: dsl.SetList, List: make([]int32, 6000)}}}
	lists := text(t, "sequence_1 = repeat_num(131000, 0)\nsequence_2 = get_subsequence_between_indices(sequence_1, 0, 4096)\noutput = sequence_2")
	zeros := make([]byte, 64*4096)
	program := func(p *dsl.Program) container.Segment {
		return container.Segment{Size: len(zeros), Sum: crc32.ChecksumIEEE(zeros), Programs: section(dsl.Edition2, dsl.Identity(), p, 64)}
	}
	return map[string]func() []byte{
		"32 MiB": func() []byte { return fileOf(t, head(25), raw(32<<20)) },
		"growing": func() []byte {
			mib1, mib2 := raw(1<<20), raw(2<<20)
			return slices.Concat(
				fileOf(t, head(20), repeat(4, mib1)...), fileOf(t, head(21), repeat(4, mib2)...), fileOf(t, head(24), raw(16<<20)),
				fileOf(t, head(20), mib1, mib1), fileOf(t, head(25), raw(16<<20)))
		},
		"many files":      func() []byte { return bytes.Repeat(tiny, 20_000) },
		"very many files": func() []byte { return bytes.Repeat(tiny, 19_500_000/len(tiny)) },
		"many segments":   func() []byte { return fileOf(t, head(12), repeat(20_000, rawSegment([]byte("x"), 12))...) },
		"plans":           func() []byte { return fileOf(t, head(21), repeat(8, planned)...) },
		"copies":          func() []byte { return fileOf(t, head(25), repeat(2, plannedSegment(t, copyPlan, 32<<20, 12))...) },
		"many plans": func() []byte {
			small := plannedSegment(t, scratchPlan, 50, 12)
			return fileOf(t, head(21), append([]container.Segment{planned}, repeat(10_000, small)...)...)
		},
		"long plans": func() []byte { return fileOf(t, head(25), append(repeat(1, raw(32<<20)), longPlans(t)...)...) },
		"many lengths": func() []byte {
			var list []container.Segment
			for k := range 20 {
				list = append(list, plannedSegment(t, "sequence_1 = payload(0)\noutput = sequence_1", (1+k*7%9)<<19, 12), rawSegment(make([]byte, 1+k*1117%5000), 12))
			}
			return fileOf(t, head(23), repeat(5, list...)...)
		},
		"one of each": func() []byte {
			return fileOf(t, head(21), repeat(3, program(literal), program(lists), planned, raw(2<<20))...)
		},
	}
}

// TestMemoryStated wants the memory that a process takes to be what the file states,
// or as much for each thread as MemoryLimit allows, and 16 MiB more for the program
// itself; of an Archive, what MemoryLimit allows. Without -full it tries two of the files.
func TestMemoryStated(t *testing.T) {
	if raceEnabled {
		t.Skip("the detector takes memory of its own")
	}
	if testing.Short() {
		t.Skip("starts a process for each file")
	}
	if _, err := os.Stat("/proc/self/status"); err != nil {
		t.Skip("no /proc to read the memory of a process from")
	}
	dir := t.TempDir()
	for name, build := range memoryFiles(t) {
		if !*full && name != "growing" && name != "one of each" {
			continue
		}
		file := build()
		path := filepath.Join(dir, strings.ReplaceAll(name, " ", "-"))
		if err := os.WriteFile(path, file, 0o666); err != nil {
			t.Fatal(err)
		}
		need := int64(0)
		index := container.NewIndexReader(bytes.NewReader(file))
		for end := int64(len(file)); end > 0; {
			s, err := index.Span(end, func(container.Entry, int64) {})
			if err != nil {
				t.Fatal(name, err)
			}
			need = max(need, Memory(s.Header))
			end = s.Start
		}
		for _, c := range []struct {
			mode    string
			threads int
		}{{"reader", 1}, {"reader", 16}, {"archive", 1}, {"archive", 16}, {"inspect", 1}} {
			if name == "very many files" && (c.mode != "archive" || c.threads > 1) {
				continue // it takes seconds
			}
			limit := need
			if c.threads > 1 {
				limit = max(limit, min(DefaultMemoryLimit, int64(c.threads)*need))
			}
			if c.mode == "archive" && c.threads > 1 { // it keeps segments
				limit = DefaultMemoryLimit
			}
			got := peak(t, c.mode, c.threads, limit, path)
			t.Logf("%-15s %-8s %2d threads: %5.1f MiB, stated %5.1f", name, c.mode, c.threads, float64(got)/(1<<20), float64(limit)/(1<<20))
			if got > limit+16<<20 {
				t.Errorf("%s, %s, %d threads: %d bytes, stated are %d", name, c.mode, c.threads, got, limit)
			}
		}
	}
	t.Logf("idle: %.1f MiB", float64(peak(t, "idle", 1, 0, filepath.Join(dir, "one-of-each")))/(1<<20))
}
